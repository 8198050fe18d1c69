import { nanoseconds } from "./go.ts";
import type { Piece, Reply } from "./reply.ts";

/** Fields of the last record; zero values are undefined, so that JSON leaves them out. */
export function doneFields(reply: Reply): Readonly<Record<string, unknown>> {
  if (reply.doneReason === undefined) return { done: false };
  return { done: true, done_reason: reply.doneReason };
}

/** The figures of the last record. */
export function metrics(reply: Reply): Readonly<Record<string, number | undefined>> {
  if (reply.doneReason === undefined) return {};
  return {
    total_duration: nanoseconds(reply.totalMs),
    load_duration: nanoseconds(reply.loadMs),
    prompt_eval_count: reply.promptTokens || undefined,
    prompt_eval_duration: nanoseconds(reply.promptMs),
    eval_count: reply.evalCount || undefined,
    eval_duration: nanoseconds(reply.evalMs),
  };
}

/** The lowest number of Go's float32: the probability of a token that cannot come. */
const NEVER = -3.4028234663852886e38;

/** `logprobs` of a piece: it was certain, and its alternatives impossible. */
export function logprobsOf(piece: Piece, top: number | undefined): unknown[] | undefined {
  if (top === undefined || piece.kind === "call") return undefined;
  const token = { token: piece.text, logprob: 0, bytes: [...Buffer.from(piece.text)] };
  if (top === 0) return [token];
  const others = Array.from({ length: top - 1 }, () => ({ token: "", logprob: NEVER }));
  return [{ ...token, top_logprobs: [token, ...others] }];
}
