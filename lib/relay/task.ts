import type { IncomingMessage } from "node:http";
import { RelayError } from "../errors.ts";
import { CallerGone } from "../exchange.ts";
import type { QueuePosition } from "../limit/queue.ts";
import { chargeTokens, queueOf } from "../limits.ts";
import { Outcome, type Cost } from "../outcome.ts";
import type { Context, Later } from "../respond.ts";
import { readAnswer, type AnswerReader, type ReadAnswer, type Tap } from "../stream.ts";
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
  let isSent = false;
  try {
    const { signal } = exchange;
    const { onPosition } = hooks;
    using held = new DisposableStack();
    const wait = { signal, ...(onPosition === undefined ? {} : { onPosition }) };
    held.use(await queueOf(config).enter(caller.id, wait));
    hooks.onTurn?.();
    isSent = true;
    const onAnswer = (answer: IncomingMessage, tap: Tap): void => {
      outcome.streaming();
      hooks.onAnswer?.(answer, tap);
    };
    await send({ config, exchange, path: task.path, body: task.body, onAnswer, reader }, hooks);
    const cost = costOf(task, reader);
    outcome.done(cost);
    void chargeTokens(config, caller, totalOf(cost)).then(settled.resolve);
  } catch (caught) {
    // A model that was stopped while it read has worked as well; one that refused has not.
    const worked = isSent && (reader.tokenRecords > 0 || caught instanceof CallerGone);
    const cost = worked ? costOf(task, reader) : undefined;
    outcome.failed(caught, { frameLogs: hooks.frameLogs?.() ?? false, cost });
    void chargeTokens(config, caller, totalOf(cost)).then(settled.resolve);
    throw caught;
  }
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

/** Ollama's counts; what it did not count is estimated: a token a record, a quarter of the prompt's bytes. */
function costOf(task: Task, { usage, tokenRecords }: MeteredReader): Cost {
  const { promptTokens, completionTokens } = usage ?? {};
  if (promptTokens !== undefined && completionTokens !== undefined) {
    return { promptTokens, completionTokens };
  }
  return {
    promptTokens: promptTokens ?? task.estimatePrompt(),
    completionTokens: completionTokens ?? tokenRecords,
    estimated: true,
  };
}

function totalOf(cost: Cost | undefined): number {
  return cost === undefined ? 0 : cost.promptTokens + cost.completionTokens;
}
