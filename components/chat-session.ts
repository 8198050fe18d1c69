import type { StatusData } from "../lib/chat.ts";
import { emptyChat, isBusy, reduceChat, type ChatEvent, type ChatState } from "./chat-state.ts";
import type { ReplyEnd, ReplyRequest } from "./engine.ts";
import { newId } from "./new-id.ts";
import { PerFrame } from "./per-frame.ts";
import { problemOfFailedFetch } from "./problem.ts";

export interface Engine {
  streamReply(request: ReplyRequest): Promise<ReplyEnd>;
}

interface Reply {
  readonly id: string;
  readonly controller: AbortController;
  /** `performance.now()` when it was asked for. */
  readonly askedAt: number;
  /** Publishes text that waits for its frame. */
  flush(): void;
}

/**
 * One conversation and the answer in progress: outside of React, so that the composer need not
 * render when an answer grows. `subscribe` and `read` are made for useSyncExternalStore.
 */
export class ChatSession {
  readonly #loadEngine: () => Promise<Engine>;
  readonly #listeners = new Set<() => void>();
  #state: ChatState = emptyChat(newId());
  #reply: Reply | undefined;

  constructor(loadEngine: () => Promise<Engine>) {
    this.#loadEngine = loadEngine;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): ChatState => this.#state;

  /** Asks; resolves when the answer has ended. Does nothing while an answer is in progress. */
  async send(text: string, model: string | undefined): Promise<void> {
    if (isBusy(this.#state)) return;
    this.#change({ type: "question-asked", id: newId(), text });
    await this.#answer(model);
  }

  /** Asks the last question again; the answer that was there gives way. */
  async regenerate(model: string | undefined): Promise<void> {
    if (!isBusy(this.#state)) await this.#answer(model);
  }

  /** Ends the answer in progress. Closing the connection is what stops the model. */
  readonly stop = (): void => {
    const reply = this.#reply;
    if (reply === undefined) return;
    reply.controller.abort();
    this.#end(reply, { state: "stopped" });
  };

  clear(): void {
    this.stop();
    this.#change({ type: "chat-cleared", id: newId() });
  }

  async #answer(model: string | undefined): Promise<void> {
    const id = newId();
    this.#change({ type: "answer-awaited", id });
    const growth = new PerFrame((event: ChatEvent) => this.#change(event));
    const reply: Reply = {
      id,
      controller: new AbortController(),
      askedAt: performance.now(),
      flush: () => growth.flush(),
    };
    this.#reply = reply;
    const onStatus = (status: StatusData) => this.#change({ type: "status-told", id, status });
    const end = await this.#ask({
      chatId: this.#state.id,
      ...(model === undefined ? {} : { model }),
      entries: this.#state.entries.slice(0, -1),
      signal: reply.controller.signal,
      onStatus,
      onGrowth: (parts, metadata) => growth.push({ type: "answer-grown", id, parts, metadata }),
    });
    this.#end(reply, end);
  }

  async #ask(request: ReplyRequest): Promise<ReplyEnd> {
    try {
      const engine = await this.#loadEngine();
      return await engine.streamReply(request);
    } catch {
      // Only loading the engine can fail here: the app that serves it is gone, or the network is.
      return { state: "failed", problem: problemOfFailedFetch(navigator.onLine) };
    }
  }

  #end(reply: Reply, end: ReplyEnd): void {
    if (this.#reply !== reply) return;
    reply.flush();
    this.#reply = undefined;
    const at = performance.now() - reply.askedAt;
    this.#change({ type: "answer-ended", id: reply.id, at, ...end });
  }

  #change(event: ChatEvent): void {
    this.#state = reduceChat(this.#state, event);
    for (const listener of this.#listeners) listener();
  }
}
