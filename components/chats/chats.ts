import type { ChatSettings } from "../../lib/store/records.ts";
import type { ChatStore } from "../../lib/store/store.ts";
import { emptyChat, isBusy } from "./chat-state.ts";
import { ChatSession, type Keeper, type SessionParts } from "./chat-session.ts";
import { newId } from "./new-id.ts";
import { OtherTabs } from "./other-tabs.ts";

export interface ChatsParts extends Omit<SessionParts, "keeper"> {
  readonly openStore: () => Promise<OpenedStore>;
}

/** The store, and what writes the sessions' changes into it. */
export interface OpenedStore {
  readonly store: ChatStore;
  readonly keeper: Keeper;
}

/**
 * The chats that are held in this page: the one in view, and those whose answer still comes. What happens
 * before the store is open waits for it; a store that never opens holds nothing up.
 */
export class Chats {
  readonly #parts: ChatsParts;
  readonly #held = new Map<string, ChatSession>();
  /** Of those that are expected. */
  readonly #reading = new Map<string, ReturnType<ChatStore["read"]>>();
  readonly #listeners = new Set<() => void>();
  readonly #dropListeners = new Set<(chatId: string) => void>();
  readonly #otherTabs = new OtherTabs((id) => this.#stopOwn(id));
  #busy: ReadonlySet<string> = new Set();
  #opening: Promise<OpenedStore> | undefined;
  #opened: OpenedStore | undefined;

  constructor(parts: ChatsParts) {
    this.#parts = parts;
  }

  /** The place where chats are kept; opened at the first call. */
  open(): Promise<OpenedStore> {
    this.#opening ??= this.#openOnce();
    return this.#opening;
  }

  /** A chat in which nothing was said. It is kept from its first question on, or never if it is temporary. */
  start(options: { temporary?: boolean; settings?: ChatSettings } = {}): ChatSession {
    const state = emptyChat(newId(), Date.now(), options);
    return this.#hold(new ChatSession(state, this.#sessionParts(options.temporary === true)));
  }

  /** The chat of this id before anybody looked for it: empty, until `find` has found it. */
  expect(id: string): ChatSession {
    // Begun here, the reading goes on while the page becomes live. There is nothing to read where the page is made.
    if (typeof document !== "undefined") this.#reading.set(id, this.#read(id));
    return this.#await(id);
  }

  #await(id: string): ChatSession {
    const state = emptyChat(id, Date.now(), { expected: true });
    return this.#hold(new ChatSession(state, this.#sessionParts(false)));
  }

  /** A chat that was kept, or that is held here already; undefined: there is none of this id. */
  async find(id: string): Promise<ChatSession | undefined> {
    const held = this.#held.get(id);
    if (held !== undefined && !held.read().expected) return held;
    const kept = await (this.#reading.get(id) ?? this.#read(id));
    this.#reading.delete(id);
    const session = this.#held.get(id);
    if (session !== undefined && !session.read().expected) return session;
    if (kept === undefined) {
      this.#held.delete(id);
      return undefined;
    }
    const found = session ?? this.#await(id);
    found.take(kept.chat, kept.messages);
    return found;
  }

  async #read(id: string): ReturnType<ChatStore["read"]> {
    const { store } = await this.open();
    return store.read(id);
  }

  /** A temporary chat is left: its answer stops, and nothing of it stays here. */
  forget(session: ChatSession): void {
    session.lose();
    this.#held.delete(session.read().chat.id);
  }

  /** Ids of chats whose answer is in progress. */
  readonly readBusy = (): ReadonlySet<string> => this.#busy;

  readonly subscribeBusy = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Hears of each chat that was deleted, in whichever tab. */
  readonly subscribeDropped = (listener: (chatId: string) => void): (() => void) => {
    this.#dropListeners.add(listener);
    return () => this.#dropListeners.delete(listener);
  };

  /** The page goes away. */
  readonly leave = (): void => {
    for (const session of this.#held.values()) session.leave();
  };

  /** Another tab asks for it. */
  #stopOwn(id: string): void {
    const session = this.#held.get(id);
    if (session?.isAnswering === true) session.stop();
  }

  async #openOnce(): Promise<OpenedStore> {
    const opened = await this.#parts.openStore();
    this.#opened = opened;
    opened.store.subscribe((change) => {
      if (change?.kind === "deleted") this.#drop(change.chatId);
      else if (change?.renamed !== undefined)
        this.#held.get(change.chatId)?.retitle(change.renamed);
      else if (change?.own === false) void this.#refresh(change.chatId);
    });
    return opened;
  }

  #drop(id: string): void {
    this.#held.get(id)?.lose();
    this.#held.delete(id);
    for (const listener of this.#dropListeners) listener(id);
  }

  /** Another tab changed a chat that is held here. */
  async #refresh(id: string): Promise<void> {
    const session = this.#held.get(id);
    if (session === undefined || session.isAnswering) return;
    const kept = await this.#opened?.store.read(id);
    if (kept !== undefined) session.take(kept.chat, kept.messages);
  }

  #hold(session: ChatSession): ChatSession {
    const { id } = session.read().chat;
    this.#held.set(id, session);
    session.subscribe(() => this.#noteBusy(id, isBusy(session.read())));
    return session;
  }

  #noteBusy(id: string, busy: boolean): void {
    if (this.#busy.has(id) === busy) return;
    const next = new Set(this.#busy);
    if (busy) next.add(id);
    else next.delete(id);
    this.#busy = next;
    for (const listener of this.#listeners) listener();
  }

  #sessionParts(temporary: boolean): SessionParts {
    if (temporary) return this.#parts;
    const stopElsewhere = (id: string): void => {
      this.#otherTabs.stop(id);
      // If the tab that wrote it is gone, what is kept says so.
      void this.#refresh(id);
    };
    return { ...this.#parts, keeper: this.#keeper, stopElsewhere };
  }

  readonly #keeper: Keeper = {
    keep: (chat, messages, growing) => {
      if (this.#opened !== undefined) this.#opened.keeper.keep(chat, messages, growing);
      else void this.open().then(({ keeper }) => keeper.keep(chat, messages, growing));
    },
    hold: (messageId) => {
      let letGo: (() => void) | undefined;
      let over = false;
      const hold = async (): Promise<void> => {
        const { keeper } = await this.open();
        if (!over) letGo = keeper.hold(messageId);
      };
      void hold();
      return () => {
        over = true;
        letGo?.();
      };
    },
  };
}
