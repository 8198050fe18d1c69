import type { IncomingMessage } from "node:http";
import type { ErrorCode } from "../error-table.ts";
import { RelayError } from "../errors.ts";
import { CallerGone } from "../exchange.ts";
import type { QueuePosition } from "../limit/queue.ts";
import { chargeTokens, queueOf, requireTokens } from "../limits.ts";
import { Outcome, type Cost } from "../outcome.ts";
import type { Context, Later } from "../respond.ts";
import { readAnswer, type AnswerReader, type ReadAnswer } from "../stream.ts";
import type { Tap } from "../tap.ts";
import type { StreamUsage } from "../wire/stream-kinds.ts";

/** A request that is allowed, clamped and written out, ready for the model. */
export interface Task {
  readonly context: Context;
  readonly later: Later;
  /** As the door and Ollama know it. */
  readonly path: string;
  /** JSON. */
  readonly body: string;
  /** Tokens of the prompt, should nobody count them. */
  readonly estimatePrompt: () => number;
}

/** A reader that knows what came. */
export interface MeteredReader extends AnswerReader {
  /** Records that carried a token. */
  readonly tokenRecords: number;
  /** Whether its records are seen as they come; a document's are not. */
  readonly isSeen: boolean;
  /** Ollama's own counts, once the reply is complete. */
  readonly usage: StreamUsage | undefined;
}

export interface TaskHooks {
  readonly onPosition?: (position: QueuePosition) => void;
  /** It is its turn. */
  readonly onTurn?: () => void;
  readonly onAnswer?: (answer: IncomingMessage, tap: Tap) => void;
  /** Ollama refused before a byte came. @returns another body to send in its place, if there is one */
  readonly onRefused?: (error: RelayError) => string | undefined;
  /** Whether the frame of the handler will see a failure too, and log it. */
  readonly frameLogs?: () => boolean;
}

/**
 * The part of the line that every dialect shares: wait for a place at the model, send, read to the end, give the
 * place back, charge the tokens. What must still be done when the caller has left is registered first.
 * Throws what `readAnswer` and the queue throw.
 */
export async function perform(
  task: Task,
  reader: MeteredReader,
  hooks: TaskHooks = {},
): Promise<void> {
  const { context, later } = task;
  const { config, exchange, caller } = context;
  const settled = Promise.withResolvers<void>();
  later(() => settled.promise);
  const outcome = new Outcome(context);
  let cost: Cost | undefined;
  let sentAt: number | undefined;
  try {
    const { signal } = exchange;
    const { onPosition } = hooks;
    using held = new DisposableStack();
    const wait = { signal, ...(onPosition === undefined ? {} : { onPosition }) };
    held.use(await queueOf(config).enter(caller.id, wait));
    // Those who came with it may have spent what was left meanwhile.
    await requireTokens(config, caller);
    hooks.onTurn?.();
    sentAt = performance.now();
    const onAnswer = (answer: IncomingMessage, tap: Tap): void => {
      outcome.streaming();
      hooks.onAnswer?.(answer, tap);
    };
    await send({ config, exchange, path: task.path, body: task.body, onAnswer, reader }, hooks);
    cost = costOf(task, reader, 0);
    outcome.done(cost);
  } catch (caught) {
    if (sentAt !== undefined && hasWorked(caught, reader)) {
      cost = costOf(task, reader, performance.now() - sentAt);
    }
    const wasSent = sentAt !== undefined;
    outcome.failed(caught, { wasSent, frameLogs: hooks.frameLogs?.() ?? false, cost });
    throw caught;
  } finally {
    void chargeTokens(config, caller, totalOf(cost)).finally(settled.resolve);
  }
}

/** After these the model has worked for nothing that anybody saw. */
const WORKED: ReadonlySet<ErrorCode> = new Set([
  "first_token_timeout",
  "idle_timeout",
  "total_timeout",
  "interrupted",
]);

/** Whether the model has worked on what ended so; one that refused has not. */
function hasWorked(caught: unknown, { tokenRecords }: MeteredReader): boolean {
  const isCut = caught instanceof RelayError && WORKED.has(caught.code);
  return tokenRecords > 0 || caught instanceof CallerGone || isCut;
}

/** Never sent again once a byte has come. */
async function send(read: ReadAnswer, { onRefused }: TaskHooks): Promise<void> {
  let { body } = read;
  for (;;) {
    try {
      return await readAnswer({ ...read, body });
    } catch (thrown) {
      const isRefusal = thrown instanceof RelayError && thrown.code === "context_overflow";
      const another = isRefusal ? onRefused?.(thrown) : undefined;
      if (another === undefined) throw thrown;
      body = another;
    }
  }
}

/** What a model says in a second, about, where nothing of it was seen. */
const TOKENS_A_SECOND = 20;

/**
 * Ollama's counts; what it did not count is estimated: a token a record, the prompt by its letters.
 * @param unseenMs how long the model worked, of a reply that broke off
 */
function costOf(
  task: Task,
  { usage, tokenRecords, isSeen }: MeteredReader,
  unseenMs: number,
): Cost {
  const { promptTokens, completionTokens } = usage ?? {};
  if (promptTokens !== undefined && completionTokens !== undefined) {
    return { promptTokens, completionTokens };
  }
  return {
    promptTokens: promptTokens ?? task.estimatePrompt(),
    completionTokens:
      completionTokens ?? (isSeen ? tokenRecords : Math.ceil((unseenMs / 1000) * TOKENS_A_SECOND)),
    estimated: true,
  };
}

function totalOf(cost: Cost | undefined): number {
  return cost === undefined ? 0 : cost.promptTokens + cost.completionTokens;
}
