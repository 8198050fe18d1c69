import type { Model } from "../catalogue.ts";
import type { NoticeData, ReplyMetadata, Think } from "../chat.ts";
import { REQUEST_ID_HEADER, UI_MESSAGE_STREAM_HEADER } from "../contract.ts";
import { toRelayError, type RelayError } from "../errors.ts";
import { CallerGone } from "../exchange.ts";
import { log } from "../log.ts";
import { listLoaded } from "../models.ts";
import { Outgoing } from "../outgoing.ts";
import type { Context, Later } from "../respond.ts";
import { estimateChat } from "../wire/context.ts";
import { encodeChatRequest } from "../wire/ollama-chat.ts";
import { UiMessageStreamEncoder } from "../wire/ui-message-stream.ts";
import { ChatReader } from "./chat-reader.ts";
import { droppedNotice, Trimmer, type FittedChat } from "./context.ts";
import { DocumentReader } from "./document-reader.ts";
import { finishMetadata } from "./reply-metadata.ts";
import { perform, type Task, type TaskHooks } from "./task.ts";

/** A chat that is allowed and clamped, ready to be sent. */
export interface Prepared extends FittedChat {
  readonly context: Context;
  readonly later: Later;
  readonly model: Model;
  readonly think: Think | undefined;
}

function taskOf({ context, later, chat, model, think }: Prepared): Task {
  return {
    context,
    later,
    path: "/api/chat",
    body: encodeChatRequest(chat, model.name, think),
    estimatePrompt: () => estimateChat(chat),
  };
}

/** Sends a shorter conversation where Ollama found it too long and the caller wants it trimmed. */
function trimming(prepared: Prepared, tell: (notice: NoticeData) => void): TaskHooks {
  const trimmer = new Trimmer(prepared.chat);
  return {
    onRefused: (error: RelayError) => {
      const shorter = trimmer.next(error);
      if (shorter === undefined) return undefined;
      tell(shorter.notice);
      return encodeChatRequest(shorter.chat, prepared.model.name, prepared.think);
    },
  };
}

/** The answer as one JSON document in Ollama's shape, put together from a stream; notices stand beside it. */
export async function answerWithJson(prepared: Prepared): Promise<Response> {
  const notices: NoticeData[] = prepared.notice === undefined ? [] : [prepared.notice];
  const reader = new DocumentReader();
  const hooks = trimming(prepared, (notice) => {
    notices.splice(0, notices.length, notice);
  });
  await perform(taskOf(prepared), reader, { ...hooks, frameLogs: () => true });
  const dropped = droppedNotice(prepared, reader.usage?.promptTokens);
  if (dropped !== undefined) notices.push(dropped);
  return Response.json({ ...reader.document, ...(notices.length === 0 ? {} : { notices }) });
}

/** The answer as the AI SDK's UI message stream. Whatever fails from here on is told in-band. */
export function answerWithStream(prepared: Prepared): Response {
  const reply = new StreamedReply(prepared);
  void reply.run();
  return new Response(reply.stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // no-transform: `next start` would gzip each token on its own, at twice the CPU (DESIGN.md).
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      [UI_MESSAGE_STREAM_HEADER]: "v1",
      [REQUEST_ID_HEADER]: prepared.context.exchange.id,
    },
  });
}

class StreamedReply {
  readonly #prepared: Prepared;
  readonly #encoder = new UiMessageStreamEncoder();
  readonly #outgoing: Outgoing;
  readonly #metadata: ReplyMetadata;
  /** Aborted with the reply's end: a question beside it must not outlive it. */
  readonly #ended = new AbortController();
  #contextLength: number | undefined;

  constructor(prepared: Prepared) {
    this.#prepared = prepared;
    const { exchange } = prepared.context;
    this.#metadata = {
      model: prepared.model.name,
      requestId: exchange.id,
      createdAt: new Date().toISOString(),
    };
    this.#outgoing = new Outgoing({
      // Nothing can be written any more, and the GPU is to be freed.
      onCancel: () => exchange.abort(new CallerGone()),
      heartbeat: () => ": waiting\n\n",
    });
  }

  get stream() {
    return this.#outgoing.stream;
  }

  /** Never rejects: every end is written into the stream, or nobody is left to read it. */
  async run(): Promise<void> {
    const prepared = this.#prepared;
    const { exchange } = prepared.context;
    const write = (parts: string) => this.#outgoing.write(parts);
    const reader = new ChatReader(this.#encoder, exchange, write);
    this.#outgoing.write(
      this.#encoder.start(this.#metadata) +
        this.#encoder.status({ phase: "connecting", at: exchange.elapsedMs }),
    );
    if (prepared.notice !== undefined) this.#tell(prepared.notice);
    try {
      await perform(taskOf(prepared), reader, {
        ...trimming(prepared, (notice) => this.#tell(notice)),
        onPosition: (place) => {
          const status = { phase: "queued", at: exchange.elapsedMs, ...place } as const;
          this.#outgoing.write(this.#encoder.status(status));
        },
        onTurn: () => {
          const status = { phase: "connecting", at: exchange.elapsedMs } as const;
          this.#outgoing.write(this.#encoder.status(status));
          void this.#tellWait(reader);
        },
        onAnswer: (_answer, tap) => this.#outgoing.attach(tap),
      });
      const dropped = droppedNotice(prepared, reader.usage?.promptTokens);
      if (dropped !== undefined) this.#tell(dropped);
      this.#outgoing.end(this.#encoder.finish(this.#endMetadata(reader)));
    } catch (thrown) {
      const problem = toRelayError(thrown).toObject(exchange.id);
      const isGone = thrown instanceof CallerGone;
      this.#outgoing.end(isGone ? "" : this.#encoder.fail(problem, this.#endMetadata(reader)));
    }
    this.#ended.abort();
  }

  #tell(notice: NoticeData): void {
    this.#outgoing.write(this.#encoder.notice(notice));
  }

  /** Whether the model is in memory tells loading from reading; not knowing costs no more than that line. */
  async #tellWait(reader: ChatReader): Promise<void> {
    const { context, model } = this.#prepared;
    const { config, exchange } = context;
    try {
      const signal = AbortSignal.any([exchange.signal, this.#ended.signal]);
      const loaded = await listLoaded(config, signal);
      const own = loaded.find(({ name }) => name === model.name);
      this.#contextLength = own?.context_length;
      if (reader.firstTokenMs !== undefined || exchange.signal.aborted) return;
      const phase = own === undefined ? "loading" : "reading";
      this.#outgoing.write(this.#encoder.status({ phase, at: exchange.elapsedMs }));
    } catch (err) {
      log.debug({ requestId: exchange.id, err }, "the list of loaded models did not come");
    }
  }

  #endMetadata(reader: ChatReader): ReplyMetadata {
    const contextLength = this.#contextLength;
    const { firstTokenMs, finish, tokenRecords } = reader;
    // A reply that broke off was not counted: a record is a token, about.
    const guess = { completionTokens: tokenRecords, estimated: true } as const;
    return {
      ...this.#metadata,
      ...(finish === undefined ? tokenRecords > 0 && guess : finishMetadata(finish)),
      ...(contextLength === undefined ? {} : { contextLength }),
      ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
      totalMs: this.#prepared.context.exchange.elapsedMs,
    };
  }
}
