import { z } from "zod";
import { ROUTES } from "../../lib/contract.ts";
import { readLines } from "./lines.ts";
import { Problem } from "./problem.ts";

/** What the app says when something breaks (lib/errors.ts), before the stream or in it. */
const errorSchema = z.object({ message: z.string(), fix: z.string().default("Run it again.") });
const partSchema = z.object({ type: z.string(), data: z.unknown().optional() });
const statusSchema = z.object({ phase: z.string() });

/** Text or thought: with a model that thinks, the thought comes first. */
const TEXT_PARTS = new Set(["text-delta", "reasoning-delta"]);

/** What a status part's phase means while one waits. */
const PHASES: Readonly<Record<string, string>> = {
  connecting: "reaching the engine",
  queued: "waiting for another reply",
  loading: "loading the model",
  reading: "reading the prompt",
  thinking: "thinking",
  writing: "writing",
};

export interface Proof {
  /** Pieces of text and thought that came one by one. */
  readonly parts: number;
  /** From the request to the first of them. */
  readonly firstMs: number;
}

function failure(value: unknown): Problem {
  const found = errorSchema.safeParse(value);
  return found.success
    ? new Problem(found.data.message, found.data.fix)
    : new Problem("The app answered what nobody can read.", "Look at .latchkey/app.log.");
}

async function ask(app: string, accessKey: string, signal: AbortSignal): Promise<Response> {
  const text = "Count from one to five.";
  return fetch(new URL(ROUTES.chat, app), {
    method: "POST",
    headers: { Authorization: `Bearer ${accessKey}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      messages: [{ id: "proof", role: "user", parts: [{ type: "text", text }] }],
      stream: true,
      options: { num_predict: 32 },
    }),
    signal,
  });
}

/**
 * Sends one message through app, door and engine and reads the reply as a browser would.
 *
 * @param say is called with what is being waited for
 * @throws Problem with the link that broke and its fix, or when the reply came in one lump
 */
export async function proveChain(
  app: string,
  accessKey: string,
  options: { readonly signal: AbortSignal; readonly say: (detail: string) => void },
): Promise<Proof> {
  const startedAt = performance.now();
  const response = await ask(app, accessKey, options.signal);
  if (!response.ok || response.body === null) {
    const answer: unknown = await response.json().catch(() => undefined);
    const wrapped = z.object({ error: z.unknown() }).safeParse(answer);
    throw failure(wrapped.data?.error);
  }
  let parts = 0;
  let firstMs = 0;
  let isFinished = false;
  for await (const line of readLines(response.body)) {
    const part = readPart(line);
    if (part === undefined) continue;
    if (part.type === "data-problem") throw failure(part.data);
    const status = part.type === "data-status" ? statusSchema.safeParse(part.data) : undefined;
    if (status?.success === true) options.say(PHASES[status.data.phase] ?? status.data.phase);
    if (part.type === "finish") isFinished = true;
    if (!TEXT_PARTS.has(part.type)) continue;
    if (parts === 0) firstMs = performance.now() - startedAt;
    parts += 1;
  }
  if (!isFinished) throw new Problem("The reply broke off before its end.", "Run it again.");
  if (parts < 2) {
    throw new Problem(
      "The reply came in one piece, not as a stream.",
      "Look for a proxy between app and engine.",
    );
  }
  return { parts, firstMs };
}

/** One event of the stream; undefined for blank lines, comments and the closing `[DONE]`. */
function readPart(line: string): z.infer<typeof partSchema> | undefined {
  const data = line.startsWith("data:") ? line.slice(5).trim() : "";
  if (data === "" || data === "[DONE]") return undefined;
  return partSchema.safeParse(JSON.parse(data)).data;
}
