import type { UIMessageChunk } from "ai";
import { interrupted, type Problem } from "./problem.ts";

/** A failure as the app itself tells it: the parts after `error` are dropped, so it comes last. */
export function failureChunks(problem: Problem): UIMessageChunk[] {
  return [
    { type: "data-problem", data: problem },
    { type: "error", errorText: problem.message },
  ];
}

/**
 * The same stream, with an end that cannot be mistaken: one without `finish` and without `error`, cut
 * by the network or clean, becomes the problem `interrupted`. The AI SDK's own transport takes a clean
 * end for success. A stream that `signal` stopped just ends.
 */
export function withHonestEnd(
  stream: ReadableStream<UIMessageChunk>,
  signal: AbortSignal | undefined,
): ReadableStream<UIMessageChunk> {
  const reader = stream.getReader();
  let ended = false;

  async function readChunks(): Promise<readonly UIMessageChunk[] | undefined> {
    const chunk = await readOrCut(reader);
    if (chunk !== undefined) {
      ended ||= chunk.type === "finish" || chunk.type === "error";
      return [chunk];
    }
    if (ended || signal?.aborted === true) return undefined;
    ended = true;
    return failureChunks(interrupted());
  }

  return new ReadableStream({
    async pull(controller) {
      const chunks = await readChunks();
      if (chunks === undefined) controller.close();
      else for (const chunk of chunks) controller.enqueue(chunk);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** The next chunk; undefined at the end, and where the network or an unreadable line cuts the stream. */
async function readOrCut(
  reader: ReadableStreamDefaultReader<UIMessageChunk>,
): Promise<UIMessageChunk | undefined> {
  try {
    return (await reader.read()).value;
  } catch {
    // Why it was cut makes no difference to the person: the caller tells that it was.
    return undefined;
  }
}
