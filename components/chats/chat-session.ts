import type { StatusData } from "../../lib/chat.ts";
import type {
  Attachment,
  ChatSettings,
  EndState,
  Message,
  Release,
  StoredChat,
} from "../../lib/store/records.ts";
import { leafUnder } from "../../lib/store/tree.ts";
import { isBusy, reduceChat } from "./chat-state.ts";
import type { ChatEvent, ChatState } from "./chat-state.ts";
import { joinMetadata, joinParts } from "./continued.ts";
import type { ReplyEnd, ReplyRequest } from "./engine.ts";
import { newId } from "./new-id.ts";
import { PerFrame } from "./per-frame.ts";
import { problemOfFailedFetch } from "./problem.ts";

export interface Engine {
  streamReply(request: ReplyRequest): Promise<ReplyEnd>;
}

/** Where a chat's changes go. */
export interface Keeper {
  /** Messages that changed; those of an answer that grows may be written together. */
  keep(chat: StoredChat, messages: readonly Message[], growing: boolean): void;
  /** Tells that an answer is written in this tab, until what it returns is called. */
  hold(messageId: string): () => void;
}

export interface SessionParts {
  readonly loadEngine: () => Promise<Engine>;
  /** Undefined for a temporary chat. */
  readonly keeper?: Keeper | undefined;
  /** Finds out what became of a request after Stop; absent: nobody asks. */
  readonly watchRelease?: (
    requestId: string,
    onRelease: (release: Release) => void,
  ) => Promise<void>;
  /** Stops an answer that another tab writes. */
  readonly stopElsewhere?: (chatId: string) => void;
}

/** What a question is asked with. */
export interface AskedWith {
  /** Undefined: the app's default. */
  readonly model: string | undefined;
  /** The chat's, as far as the model takes them. */
  readonly settings: ChatSettings;
}

interface Reply {
  readonly id: string;
  readonly requestId: string;
  readonly controller: AbortController;
  /** `performance.now()` when it was asked for. */
  readonly askedAt: number;
  /** Publishes text that waits for its frame. */
  flush(): void;
  /** No longer written in this tab. */
  letGo(): void;
}

/**
 * One chat and the answer in progress: outside of React, so that the composer need not render when an
 * answer grows, and so that an answer goes on while another chat is looked at. `subscribe` and `read` are
 * made for useSyncExternalStore.
 */
export class ChatSession {
  readonly #parts: SessionParts;
  readonly #listeners = new Set<() => void>();
  #state: ChatState;
  #reply: Reply | undefined;
  /** The chat was deleted: nothing of it is kept any more. */
  #lost = false;

  constructor(state: ChatState, parts: SessionParts) {
    this.#state = state;
    this.#parts = parts;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): ChatState => this.#state;

  /** Whether the answer in progress is written here, and not in another tab. */
  get isAnswering(): boolean {
    return this.#reply !== undefined;
  }

  /** Takes what the store has; nothing while an answer is in progress here: it is newer. */
  take(chat: StoredChat, messages: readonly Message[]): void {
    if (!this.isAnswering) this.#publish({ type: "chat-read", chat, messages });
  }

  /** Somebody gave the chat another name; where chats are kept it has that already. */
  retitle(title: string): void {
    this.#publish({ type: "chat-renamed", title });
  }

  /** Asks. False: an answer is in progress, or the chat is still being read; nothing was done. */
  ask(text: string, attachments: readonly Attachment[], asked: AskedWith): boolean {
    return this.#askUnder(this.#state.branch.at(-1)?.id, text, attachments, asked);
  }

  /** Asks something else in place of an earlier question; the earlier one stays as a branch. */
  edit(question: Message, text: string, asked: AskedWith): boolean {
    return this.#askUnder(question.parentId, text, question.attachments ?? [], asked);
  }

  /** Answers the question of an answer once more; the earlier answer stays as a branch. */
  regenerate(answer: Message, asked: AskedWith): boolean {
    if (isBusy(this.#state) || answer.parentId === undefined) return false;
    this.#answer(answer.parentId, asked);
    return true;
  }

  /** Goes on with an answer that was stopped or broke off. */
  continue(answer: Message, asked: AskedWith): boolean {
    if (isBusy(this.#state)) return false;
    if (this.#state.branch.at(-1)?.id !== answer.id) this.show(answer.id);
    this.#change({ type: "answer-continued", id: answer.id, now: Date.now() });
    this.#stream(answer.id, asked, answer);
    return true;
  }

  /** Brings a message and the newest of what was said after it into view. */
  readonly show = (id: string): void => {
    const leaf = leafUnder(this.#state.messages, id);
    if (leaf !== undefined) this.#change({ type: "branch-chosen", leafId: leaf.id });
  };

  /** What the next question is asked with. */
  readonly set = (settings: ChatSettings): void => {
    this.#change({ type: "settings-changed", settings, now: Date.now() });
  };

  /** Ends the answer in progress. Closing the connection is what stops the model. */
  readonly stop = (): void => {
    const reply = this.#reply;
    if (reply === undefined) {
      if (isBusy(this.#state)) this.#parts.stopElsewhere?.(this.#state.chat.id);
      return;
    }
    this.#abort(reply, "stopped");
    void this.#watchRelease(reply);
  };

  /** The page goes away: what came so far is kept, to be gone on with. */
  readonly leave = (): void => {
    if (this.#reply !== undefined) this.#abort(this.#reply, "interrupted");
  };

  /** The chat was deleted: its answer stops, and nothing of it is kept any more. */
  lose(): void {
    this.#lost = true;
    this.stop();
  }

  #askUnder(
    parentId: string | undefined,
    text: string,
    attachments: readonly Attachment[],
    asked: AskedWith,
  ): boolean {
    if (isBusy(this.#state) || this.#state.expected) return false;
    const id = newId();
    const now = Date.now();
    this.#change({ type: "question-asked", id, parentId, text, attachments, now });
    this.#answer(id, asked);
    return true;
  }

  #answer(parentId: string, asked: AskedWith): void {
    const id = newId();
    this.#change({ type: "answer-awaited", id, parentId, now: Date.now() });
    this.#stream(id, asked, { parts: [] });
  }

  #stream(id: string, asked: AskedWith, before: Pick<Message, "parts" | "metadata">): void {
    const growth = new PerFrame((event: ChatEvent) => this.#change(event));
    const { branch, chat } = this.#state;
    const reply: Reply = {
      id,
      requestId: newId(),
      controller: new AbortController(),
      askedAt: performance.now(),
      flush: () => growth.flush(),
      letGo: this.#parts.keeper?.hold(id) ?? (() => undefined),
    };
    this.#reply = reply;
    void this.#ask({
      chatId: chat.id,
      requestId: reply.requestId,
      ...asked,
      messages: branch,
      signal: reply.controller.signal,
      onStatus: (status: StatusData) => this.#change({ type: "status-told", id, status }),
      onGrowth: (parts, metadata) =>
        growth.push({
          type: "answer-grown",
          id,
          parts: joinParts(before.parts, parts),
          metadata: joinMetadata(before.metadata, metadata),
        }),
    }).then((end) => this.#end(reply, end));
  }

  async #ask(request: ReplyRequest): Promise<ReplyEnd> {
    try {
      const engine = await this.#parts.loadEngine();
      return await engine.streamReply(request);
    } catch {
      // Only loading the engine can fail here: the app that serves it is gone, or the network is.
      return { state: "failed", problem: problemOfFailedFetch(navigator.onLine) };
    }
  }

  #abort(reply: Reply, state: EndState): void {
    reply.controller.abort();
    this.#end(reply, { state });
  }

  #end(reply: Reply, end: ReplyEnd): void {
    if (this.#reply !== reply) return;
    reply.flush();
    this.#reply = undefined;
    const at = performance.now() - reply.askedAt;
    this.#change({ type: "answer-ended", id: reply.id, at, now: Date.now(), ...end });
    reply.letGo();
  }

  async #watchRelease({ id, requestId }: Reply): Promise<void> {
    const tell = (release: Release): void => this.#change({ type: "release-told", id, release });
    if (this.#parts.watchRelease === undefined) tell({ state: "asked" });
    else await this.#parts.watchRelease(requestId, tell);
  }

  #change(event: ChatEvent): void {
    const before = this.#state;
    this.#publish(event);
    const { chat, messages } = this.#state;
    // A chat in which nothing was said is not kept.
    if (this.#lost || messages.length === 0) return;
    const known = new Set(before.messages);
    const changed = messages.filter((message) => !known.has(message));
    if (changed.length === 0 && chat === before.chat) return;
    // These come with every word and every key.
    const growing = event.type === "answer-grown" || event.type === "settings-changed";
    this.#parts.keeper?.keep(chat, changed, growing);
  }

  #publish(event: ChatEvent): void {
    this.#state = reduceChat(this.#state, event);
    for (const listener of this.#listeners) listener();
  }
}
