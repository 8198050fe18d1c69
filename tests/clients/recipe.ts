import { z } from "zod";
import { type Client, type Point, refusal } from "./client.ts";
import { HELLO } from "./question.ts";

const answer = z.object({ message: z.object({ content: z.string() }), done: z.literal(true) });

/** Not the recipe's own: it has none. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(body);
    this.status = status;
  }
}

/** The recipe's page sends its messages and nothing else, and takes Ollama's JSON; ours adds the key. */
async function chat({ appUrl, key }: Point, signal?: AbortSignal): Promise<string> {
  const response = await fetch(`${appUrl}/api/chat`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` },
    body: JSON.stringify({ messages: [{ role: "user", content: HELLO }] }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw new Refused(response.status, await response.text());
  return answer.parse(await response.json()).message.content;
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof Refused ? error.status : undefined;

const sendsMessages = { cannot: "the recipe's client sends messages and nothing else" };

export const recipe: Client = {
  name: "the recipe's fetch",
  cells: {
    chat: (point) => chat(point),
    stream: { cannot: "the recipe's client reads one JSON document" },
    tools: sendsMessages,
    thinking: sendsMessages,
    structured: sendsMessages,
    embeddings: sendsMessages,
    abort: async (point) => {
      const leaving = new AbortController();
      const asking = chat(point, leaving.signal);
      await point.begun();
      leaving.abort();
      await asking.catch((error: unknown) => {
        if (!leaving.signal.aborted) throw error;
      });
    },
    "wrong key": refusal((point) => chat(point), statusOf),
    limit: refusal((point) => chat(point), statusOf),
    cut: (point) => chat(point),
  },
};
