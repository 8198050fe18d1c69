import type { IncomingMessage } from "node:http";
import { toRelayError } from "../errors.ts";
import { CallerGone } from "../exchange.ts";
import { Outgoing } from "../outgoing.ts";
import type { Tap } from "../tap.ts";
import type { Surface } from "../wire/surfaces.ts";
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
export async function answerWithDocument(task: Task, surface: Surface): Promise<Response> {
  const reader = new BodyReader(surface.isWhole);
  let contentType = "application/json";
  const onAnswer = ({ headers }: IncomingMessage): void => {
    contentType = headers["content-type"] ?? contentType;
  };
  await perform(task, reader, { onAnswer, frameLogs: () => true });
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
  const reader = new SurfaceReader(rules, (bytes) => outgoing.write(bytes));
  // From this moment on, synchronously, a failure is told in-band.
  let isCommitted = false;
  const committed = Promise.withResolvers<"answered" | "late">();
  const commit = (how: "answered" | "late"): void => {
    isCommitted = true;
    committed.resolve(how);
  };
  const run = async (): Promise<void> => {
    try {
      const onAnswer = (_answer: IncomingMessage, tap: Tap): void => {
        outgoing.attach(tap);
        commit("answered");
      };
      await perform(task, reader, { onAnswer, frameLogs: () => !isCommitted });
      outgoing.end();
    } catch (thrown) {
      const error = toRelayError(thrown);
      const words = rules.failure(error.toObject(exchange.id), error.status);
      if (!isCommitted || thrown instanceof CallerGone) outgoing.end();
      else if (rules.breaksOff) outgoing.breakOff(words);
      else outgoing.end(words);
      if (!isCommitted) throw thrown;
    }
  };
  const timer = setTimeout(() => commit("late"), COMMIT_MS);
  const how = await Promise.race([run().then(() => "answered"), committed.promise]).finally(() =>
    clearTimeout(timer),
  );
  if (how === "late") outgoing.write(rules.heartbeat(model, new Date().toISOString()));
  return new Response(outgoing.stream, {
    headers: {
      "content-type": rules.contentType,
      // no-transform: as for /api/chat (DESIGN.md).
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
