import type { Tap } from "./stream.ts";
import { countPiece, flushSoon, forget, type Gathering } from "./gather.ts";

const encoder = new TextEncoder();

/** What a reader that stalls may leave unread before upstream is held back. */
const BUFFER_BYTES = 1_048_576;
/** How long a client has for the last words before its connection is broken. */
const LAST_WORDS_MS = 100;
/** A silence this long is broken by a heartbeat; the next comes after another. */
const HEARTBEAT_MS = 15_000;

export interface OutgoingHooks {
  /** The reader left. */
  readonly onCancel: () => void;
  /** What to say in a silence: something every client takes as nothing. */
  readonly heartbeat: () => string;
}

/**
 * The stream towards a caller: back-pressure to the door, heartbeats in silences, nothing written after its end.
 */
export class Outgoing implements Gathering {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #hooks: OutgoingHooks;
  /** Tokens that wait for a few more. */
  #held: (string | Uint8Array)[] = [];
  #hasTokens = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #tap: Pick<Tap, "hold" | "release"> | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #isSilent = true;

  constructor(hooks: OutgoingHooks) {
    this.#hooks = hooks;
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#tap?.release(),
        cancel: () => {
          this.#stop();
          hooks.onCancel();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
    );
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** What is held when the reader does not keep up. */
  attach(tap: Pick<Tap, "hold" | "release">): void {
    this.#tap = tap;
  }

  /** Goes out at once, behind what was held back. */
  write(chunk: string | Uint8Array): void {
    this.flush();
    this.#enqueue(chunk);
  }

  /** Tokens: the first goes out at once, later ones may be held for a moment while the process is busy. */
  writeTokens(chunk: string | Uint8Array): void {
    if (this.#controller === undefined || chunk.length === 0) return;
    const mayHold = countPiece() && this.#hasTokens;
    this.#hasTokens = true;
    if (!mayHold) return this.write(chunk);
    if (this.#held.length === 0) flushSoon(this);
    this.#held.push(chunk);
    return undefined;
  }

  /** Writes what was held back, as one piece. */
  flush(): void {
    const [first, ...more] = this.#held;
    if (first === undefined) return;
    this.#held = [];
    this.#enqueue(more.length === 0 ? first : joined([first, ...more]));
  }

  #enqueue(chunk: string | Uint8Array): void {
    const controller = this.#controller;
    if (controller === undefined || chunk.length === 0) return;
    this.#isSilent = false;
    controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
    if ((controller.desiredSize ?? 0) <= 0) this.#tap?.hold();
  }

  /** The last bytes, if any. */
  end(chunk: string | Uint8Array = ""): void {
    this.write(chunk);
    const controller = this.#controller;
    this.#stop();
    controller?.close();
  }

  /**
   * The last words, and then the connection is broken: for clients that drop what they do not know and would take a
   * clean end for a success. The words get a moment to be read first.
   */
  breakOff(words: string): void {
    this.write(words);
    const controller = this.#controller;
    this.#stop();
    // Next is silent about an abort, and tells any other error with its stack.
    const end = () => controller?.error(new DOMException("the answer broke off", "AbortError"));
    setTimeout(end, LAST_WORDS_MS);
  }

  #stop(): void {
    clearInterval(this.#heartbeat);
    forget(this);
    this.#held = [];
    this.#controller = undefined;
  }

  #beat(): void {
    // A reader that is behind has something to read.
    if (this.#isSilent && (this.#controller?.desiredSize ?? 0) > 0) {
      this.write(this.#hooks.heartbeat());
    }
    this.#isSilent = true;
  }
}

/** Pieces of one stream are all of one kind. */
function joined(pieces: readonly (string | Uint8Array)[]): string | Uint8Array {
  const texts = pieces.filter((piece) => typeof piece === "string");
  if (texts.length === pieces.length) return texts.join("");
  return Buffer.concat(
    pieces.map((piece) => (typeof piece === "string" ? encoder.encode(piece) : piece)),
  );
}
