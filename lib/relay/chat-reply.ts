import type { IncomingMessage } from "node:http";
import type { ChatEvent, ReplyMetadata } from "./chat.ts";
import { UI_MESSAGE_STREAM_HEADER } from "./contract.ts";
import { toRelayError } from "./errors.ts";
import { CallerGone } from "./exchange.ts";
import { log } from "./log.ts";
import { listLoaded, type Model } from "./models.ts";
import { finishMetadata } from "./reply-metadata.ts";
import { Outcome } from "./outcome.ts";
import type { Context } from "./respond.ts";
import { readRecords } from "./stream.ts";
import { decodeRecord, ReplyCollector, type OllamaRecord } from "./wire/ollama-records.ts";
import { UiMessageStreamEncoder } from "./wire/ui-message-stream.ts";

/** What a reader that stalls may leave unread before upstream is held back. */
const BUFFER_BYTES = 1_048_576;

/** A chat that is allowed and clamped, ready to be sent. */
export interface Prepared {
  readonly context: Context;
  readonly model: Model;
  readonly body: string;
}

/** The answer as one JSON document in Ollama's shape, put together from a stream. */
export async function answerWithJson({ context, body }: Prepared): Promise<Response> {
  const { config, exchange } = context;
  const collector = new ReplyCollector();
  let reply: Record<string, unknown> | undefined;
  const outcome = new Outcome(context);
  try {
    await readRecords({
      config,
      exchange,
      body,
      onAnswer: () => outcome.streaming(),
      onRecords: (records) => {
        for (const record of records) reply = collector.push(record) ?? reply;
      },
    });
  } catch (thrown) {
    outcome.failed(thrown, { frameLogs: true });
    throw thrown;
  }
  outcome.done();
  return Response.json(reply);
}

/** The answer as the AI SDK's UI message stream. Whatever fails from here on is told in-band. */
export function answerWithStream(prepared: Prepared): Response {
  const reply = new StreamedReply(prepared);
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => reply.start(controller),
      pull: () => reply.resume(),
      cancel: () => reply.cancel(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  );
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // no-transform: `next start` would gzip each token on its own, at twice the CPU (DESIGN.md).
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      [UI_MESSAGE_STREAM_HEADER]: "v1",
    },
  });
}

class StreamedReply {
  readonly #prepared: Prepared;
  readonly #encoder = new UiMessageStreamEncoder();
  readonly #text = new TextEncoder();
  readonly #metadata: ReplyMetadata;
  /** Aborted with the reply's end: a question beside it must not outlive it. */
  readonly #ended = new AbortController();
  #finish: ReplyMetadata = {};
  #contextLength: number | undefined;
  #firstTokenMs: number | undefined;
  #answer: IncomingMessage | undefined;
  /** Undefined before the start and after the end. */
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(prepared: Prepared) {
    this.#prepared = prepared;
    this.#metadata = {
      model: prepared.model.name,
      requestId: prepared.context.exchange.id,
      createdAt: new Date().toISOString(),
    };
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
    const { exchange } = this.#prepared.context;
    const phase = this.#encoder.status({ phase: "connecting", at: exchange.elapsedMs });
    this.#write(this.#encoder.start(this.#metadata) + phase);
    void this.#run();
    void this.#tellWait();
  }

  /** The reader left: nothing can be written any more, and the GPU is to be freed. */
  cancel(): void {
    this.#controller = undefined;
    this.#prepared.context.exchange.abort(new CallerGone());
  }

  resume(): void {
    this.#answer?.resume();
  }

  /** Never rejects: every end is written into the stream, or nobody is left to read it. */
  async #run(): Promise<void> {
    const { context, body } = this.#prepared;
    const { config, exchange } = context;
    const outcome = new Outcome(context);
    try {
      await readRecords({
        config,
        exchange,
        body,
        onAnswer: (answer) => {
          this.#answer = answer;
          outcome.streaming();
        },
        onRecords: (records) => this.#take(records),
      });
      outcome.done();
      this.#write(this.#encoder.finish(this.#endMetadata()));
    } catch (thrown) {
      outcome.failed(thrown);
      if (!(thrown instanceof CallerGone)) {
        const problem = toRelayError(thrown).toObject(exchange.id);
        this.#write(this.#encoder.fail(problem, this.#endMetadata()));
      }
    }
    this.#ended.abort();
    this.#controller?.close();
    this.#controller = undefined;
  }

  #take(records: readonly OllamaRecord[]): void {
    const { exchange } = this.#prepared.context;
    if (exchange.signal.aborted) return;
    const events: ChatEvent[] = records.flatMap((record) => decodeRecord(record));
    const at = exchange.elapsedMs;
    for (const event of events) {
      if (event.type === "finish") this.#finish = finishMetadata(event);
    }
    const parts = this.#encoder.events(events, at);
    if (parts !== "") this.#firstTokenMs ??= at;
    this.#write(parts);
    if ((this.#controller?.desiredSize ?? 0) <= 0) this.#answer?.pause();
  }

  /** Whether the model is in memory tells loading from reading; not knowing costs no more than that line. */
  async #tellWait(): Promise<void> {
    const { context, model } = this.#prepared;
    const { config, exchange } = context;
    try {
      const signal = AbortSignal.any([exchange.signal, this.#ended.signal]);
      const loaded = await listLoaded(config, signal);
      const own = loaded.find(({ name }) => name === model.name);
      this.#contextLength = own?.context_length;
      if (this.#firstTokenMs !== undefined || exchange.signal.aborted) return;
      const phase = own === undefined ? "loading" : "reading";
      this.#write(this.#encoder.status({ phase, at: exchange.elapsedMs }));
    } catch (err) {
      log.debug({ requestId: exchange.id, err }, "the list of loaded models did not come");
    }
  }

  #endMetadata(): ReplyMetadata {
    const contextLength = this.#contextLength;
    const firstTokenMs = this.#firstTokenMs;
    return {
      ...this.#metadata,
      ...this.#finish,
      ...(contextLength === undefined ? {} : { contextLength }),
      ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
      totalMs: this.#prepared.context.exchange.elapsedMs,
    };
  }

  #write(parts: string): void {
    if (parts !== "") this.#controller?.enqueue(this.#text.encode(parts));
  }
}
