import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, FaultKind } from "./controls.ts";
import { RUNNER_DIED } from "./refusal.ts";
import type { Piece, Reply } from "./reply.ts";
import { addPiece } from "./reply.ts";
import type { Cut, Sink } from "./sink.ts";

/** The longest that a timer can wait, some 24 days. */
const FOREVER_MS = 2 ** 31 - 1;

/** Has characters of several bytes, for a cut to fall into. */
const LAST_WORD = "열쇠";

type Strike = (sink: Sink, reply: Reply, fault: Fault, signal: AbortSignal) => Promise<boolean>;

const stall: Strike = async (_sink, _reply, fault, signal) => {
  await sleep(fault.forMs ?? FOREVER_MS, undefined, { signal });
  return false;
};

const cut =
  (where: Cut): Strike =>
  async (sink, reply) => {
    const kind = reply.text === "" && reply.thinking !== "" ? "thinking" : "text";
    const piece: Piece = { kind, text: LAST_WORD, tokens: 1 };
    addPiece(reply, piece);
    await sink.cut(piece, reply, where);
    return true;
  };

/** What each fault does in the middle of an answer; false: those that strike before it. */
const STRIKES: Record<FaultKind, Strike | false> = {
  none: false,
  busy: false,
  fail: false,
  "slow-headers": false,
  stall,
  "cut-mid-line": cut("line"),
  "cut-mid-character": cut("character"),
  "error-line": async (sink) => {
    await sink.fail(RUNNER_DIED);
    return true;
  },
  "end-without-done": async (sink, reply) => {
    sink.end(reply);
    return true;
  },
};

export function isStreamFault(fault: Fault): boolean {
  return STRIKES[fault.kind] !== false;
}

/** Lets a fault strike. True: the answer is over. */
export async function strike(
  fault: Fault,
  sink: Sink,
  reply: Reply,
  signal: AbortSignal,
): Promise<boolean> {
  const act = STRIKES[fault.kind];
  return act !== false && act(sink, reply, fault, signal);
}
