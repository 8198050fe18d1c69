import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { toRelayError } from "../errors.ts";
import { CallerGone } from "../exchange.ts";
import { Outgoing } from "../outgoing.ts";
import type { Tap } from "../stream.ts";
import { STREAM_KINDS, type StreamKind } from "../wire/stream-kinds.ts";
import { BodyReader } from "./body-reader.ts";
import { SurfaceReader } from "./surface-reader.ts";
import { perform, type Task } from "./task.ts";

/**
 * So long a failure can still be told by its status. Then the answer begins, with a heartbeat, so that nothing on
 * the way takes the silence for an end.
 */
const COMMIT_MS = 10_000;

/** An answer that is one document, as it came. */
export async function answerWithDocument(task: Task): Promise<Response> {
  const reader = new BodyReader();
  let contentType = "application/json";
  const onAnswer = ({ headers }: IncomingMessage): void => {
    contentType = headers["content-type"] ?? contentType;
  };
  await perform(task, reader, { onAnswer, frameLogs: true });
  return new Response(reader.body, { headers: { "content-type": contentType } });
}

/** An answer that streams, byte for byte; once it has begun, a failure is told in the dialect's own words. */
export async function answerWithBytes(
  task: Task,
  kind: StreamKind,
  model: string,
): Promise<Response> {
  const rules = STREAM_KINDS[kind];
  const { exchange } = task.context;
  const outgoing = new Outgoing({
    onCancel: () => exchange.abort(new CallerGone()),
    heartbeat: () => rules.heartbeat(model, new Date().toISOString()),
  });
  const reader = new SurfaceReader(rules, (bytes) => outgoing.writeTokens(bytes));
  let isCommitted = false;
  const answered = Promise.withResolvers<void>();
  const onAnswer = (_answer: IncomingMessage, tap: Tap): void => {
    outgoing.attach(tap);
    answered.resolve();
  };
  const run = async (): Promise<void> => {
    try {
      await perform(task, reader, { onAnswer });
      outgoing.end();
    } catch (thrown) {
      if (!isCommitted) throw thrown;
      const error = toRelayError(thrown);
      const words = rules.failure(error.toObject(exchange.id), error.status);
      outgoing.end(thrown instanceof CallerGone ? "" : words);
    }
  };
  const patience = new AbortController();
  const isLate = await Promise.race([
    run().then(() => false),
    answered.promise.then(() => false),
    delay(COMMIT_MS, true, { signal: patience.signal }),
  ]);
  patience.abort();
  isCommitted = true;
  if (isLate) outgoing.write(rules.heartbeat(model, new Date().toISOString()));
  return new Response(outgoing.stream, {
    headers: {
      "content-type": rules.contentType,
      // no-transform: as for /api/chat (DESIGN.md).
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
