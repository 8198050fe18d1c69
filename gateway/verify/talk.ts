/** A reply as it comes, piece by piece. */
import { type Ask, open, type Opened } from "./ask.ts";
import { keyHeader, rightKey, type Subject } from "./subject.ts";

export interface Talk {
  readonly status: number;
  /** `performance.now()` of each network read so far. */
  readonly times: readonly number[];
  /** What came so far; of a flood only the beginning. */
  text(): string;
  isOver(): boolean;
  /** Resolves with the first piece, or at the end. */
  readonly begun: Promise<void>;
  readonly over: Promise<void>;
  stop(): void;
}

const LONGEST_TEXT = 1_000_000;
const MOST_PIECES = 20_000;
const LONGEST_MS = 14_000;

/** One message that a small model answers at length. */
export function chatAsk(model: string, tokens: number): Ask {
  return {
    method: "POST",
    path: "/api/chat",
    headers: [["Content-Type", "application/json"]],
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: "Count from one to two hundred, in words." }],
      stream: true,
      options: { num_predict: tokens },
    }),
  };
}

function listen({ status, incoming, close }: Opened): Talk {
  const times: number[] = [];
  let text = "";
  let isOver = false;
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const read = async (): Promise<void> => {
    for await (const piece of incoming) {
      times.push(performance.now());
      if (text.length < LONGEST_TEXT) text += String(piece);
      begin();
      // A flood ends here; a person's model does not write as much.
      if (times.length > MOST_PIECES) close();
    }
  };
  const listening = async (): Promise<void> => {
    try {
      await read();
    } catch {
      // An end in the middle is an end as well.
    }
    isOver = true;
    begin();
  };
  const over = listening();
  return { status, times, text: () => text, isOver: () => isOver, begun, over, stop: close };
}

/** Begins a reply with the right key. @throws Error when nothing answers in time */
export async function talk(subject: Subject, one: Ask, patienceMs = LONGEST_MS): Promise<Talk> {
  const headers = [keyHeader(rightKey(subject)), ...(one.headers ?? [])];
  return listen(
    await open(subject.target, { ...one, headers }, { signal: subject.signal, patienceMs }),
  );
}
