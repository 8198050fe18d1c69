/** Whether a reply comes as it is written, and a stop is felt by the model at once. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Ask } from "./ask.ts";
import {
  bad,
  type CheckDefinition,
  good,
  NotTelling,
  reasonOf,
  untold,
  type Verdict,
} from "./check.ts";
import { chatModels } from "./chat-models.ts";
import { told } from "./cors.ts";
import { enter, type Subject } from "./subject.ts";
import { chatAsk, type Talk, talk } from "./talk.ts";

/** Enough to be stopped on the way. */
const LONG_TOKENS = 2_000;
const SHORT_TOKENS = 32;
const FIRST_PIECE_MS = 6_000;
const LISTEN_MS = 4_000;
/** A reply written in less shows nothing, in less than the second only good things. */
const SHORTEST_MS = 60;
const TELLING_MS = 300;
/** So long between two reads is a lump that a person sees. */
const LUMP_MS = 100;
/** How long a second request must be kept waiting to show that the model serves one at a time. */
const WAITING_MS = 500;
const PROMPT_MS = 2_500;
/** What one token may take to its end. */
const ENDING_MS = 1_000;
const MOST_MODELS = 3;

const BUFFER_FIX = "Do not buffer: proxy_buffering off in nginx; Caddy streams by itself.";
export const STOP_FIX =
  "Pass a caller's end on at once: no flush_interval -1 in Caddy, no proxy_ignore_client_abort in nginx.";

/** How long Ollama itself says that it wrote, in ms; undefined when it does not say. */
function writingMs(text: string): number | undefined {
  const nanoseconds = /"eval_duration":(\d+)(?![^]*"eval_duration")/.exec(text)?.[1];
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6;
}

/** The time from the first piece to the last. */
const spread = (times: readonly number[]): number => (times.at(-1) ?? 0) - (times[0] ?? 0);

/**
 * A reply that was written for long and came in a moment, or in a few lumps, was held back. A short
 * one tells nothing when it looks so: a busy computer reads several pieces at once.
 */
function judgePieces(one: Talk, model: string): Verdict {
  const ms = Math.round(spread(one.times));
  const pieces = one.times.length;
  const count = `${pieces} pieces over ${ms} ms from ${model}`;
  // While it is still being written, nothing that comes was held back to its end. So it is when it was cut for
  // want of time.
  const isWhole = one.isOver() && /"done":\s*true/.test(one.text());
  if (!isWhole) return pieces >= 3 && ms >= LUMP_MS ? good(count) : untold(`only ${count}`);
  const writing = writingMs(one.text());
  if (writing === undefined || writing < SHORTEST_MS)
    return untold(`${model} was too quick to tell`);
  const records = one.text().trim().split("\n").length;
  const isLumped = pieces * 10 < records && writing / pieces > LUMP_MS;
  if (ms >= writing * 0.3 && pieces >= 2 && !isLumped) return good(count);
  if (writing < TELLING_MS) return untold(`${model} was too quick to tell`);
  return bad(`${Math.round(writing)} ms of writing came as ${count}`, BUFFER_FIX);
}

/** Waits for the first piece. @throws NotTelling when none comes, or the answer is no reply */
async function firstPiece(one: Talk, model: string): Promise<void> {
  if (one.status !== 200) throw new NotTelling(`${model} answered ${one.status}`);
  const isLate = await Promise.race([one.begun, sleep(FIRST_PIECE_MS, "late", { ref: false })]);
  if (isLate === "late")
    throw new NotTelling(`no word from ${model} within ${FIRST_PIECE_MS / 1000} s`);
}

async function begin(subject: Subject, model: string, tokens: number): Promise<Talk> {
  const one = await talk(subject, chatAsk(model, tokens), FIRST_PIECE_MS + LISTEN_MS).catch(
    (thrown: unknown) => {
      throw new NotTelling(
        `no word from ${model}: ${thrown instanceof Error ? thrown.message : ""}`,
      );
    },
  );
  try {
    await firstPiece(one, model);
    return one;
  } catch (error) {
    one.stop();
    throw error;
  }
}

async function hear(subject: Subject, model: string, tokens: number): Promise<Talk> {
  const one = await begin(subject, model, tokens);
  await Promise.race([one.over, sleep(LISTEN_MS, undefined, { ref: false })]);
  // At its end, or cut: then it is not over yet, which is what is judged.
  if (!one.isOver()) one.stop();
  return one;
}

async function listenTo(subject: Subject, model: string): Promise<Verdict> {
  const short = await hear(subject, model, SHORT_TOKENS);
  const verdict = judgePieces(short, model);
  const writing = writingMs(short.text()) ?? 0;
  if (verdict.ok !== null || writing === 0) return verdict;
  // A quick model gets more to say, as much as takes it long enough.
  const tokens = Math.min(LONG_TOKENS, Math.ceil((SHORT_TOKENS * 2 * TELLING_MS) / writing));
  return judgePieces(await hear(subject, model, tokens), model);
}

async function runStreaming(subject: Subject): Promise<Verdict> {
  const models = (await chatModels(subject)).slice(0, MOST_MODELS);
  let last = untold("no model answered");
  for (const model of models) {
    last = await listenTo(subject, model);
    if (last.ok !== null) return last;
  }
  return last;
}

/** A second request waits for the only slot; when the first is stopped, it is served. */
async function stopAt(subject: Subject, model: string): Promise<Verdict> {
  const first = await begin(subject, model, LONG_TOKENS);
  const asking = talk(subject, chatAsk(model, 1));
  const waiting = asking.then(async (second) => {
    await second.begun;
    return performance.now();
  });
  waiting.catch(() => undefined);
  try {
    const early = await Promise.race([
      waiting,
      first.over,
      sleep(WAITING_MS, "waits", { ref: false }),
    ]);
    if (subject.signal.aborted) throw new NotTelling("there was no time left for it");
    if (first.isOver()) return untold(`${model} was done before it could be stopped`);
    if (early !== "waits") return untold("the engine serves several at once, which hides it");
    const stoppedAt = performance.now();
    first.stop();
    const servedAt = await Promise.race([
      waiting,
      sleep(PROMPT_MS, "late" as const, { ref: false }),
    ]);
    if (servedAt === "late")
      return bad(`the next request still waits ${PROMPT_MS / 1000} s after the stop`, STOP_FIX);
    return good(`the next request is served ${Math.round(servedAt - stoppedAt)} ms after the stop`);
  } finally {
    first.stop();
    await letEnd(asking);
  }
}

/** Of one token: it ends by itself. A stop at its very end leaves the runner of Ollama 0.11 stuck. */
async function letEnd(asking: Promise<Talk>): Promise<void> {
  const ending = asking.then(({ over }) => over).catch(() => undefined);
  await Promise.race([ending, sleep(ENDING_MS, undefined, { ref: false })]);
}

async function runStop(subject: Subject): Promise<Verdict> {
  const models = (await chatModels(subject)).slice(0, MOST_MODELS);
  let last = untold("no model answered");
  for (const model of models) {
    last = await stopAt(subject, model);
    if (last.ok !== null) return last;
  }
  return last;
}

/** A model that is still being loaded says nothing of the door. */
async function enterPatiently(subject: Subject, one: Ask): Promise<Answer> {
  try {
    return await enter(subject, one);
  } catch (thrown) {
    if (thrown instanceof NotTelling) throw thrown;
    throw new NotTelling(`no word from the model: ${reasonOf(thrown)}`);
  }
}

/** In this order, one after the other: each wants the model for itself. */
export const STREAM_CHECKS: readonly CheckDefinition[] = [
  { name: "streaming", title: "A reply streams as it is written", run: runStreaming },
  { name: "stop", title: "Stop frees the model", run: runStop },
  told("cors-stream", "A stream permits listed pages only", enterPatiently, async (subject) => {
    const [model = ""] = await chatModels(subject).catch(() => []);
    return chatAsk(model, 1);
  }),
];
