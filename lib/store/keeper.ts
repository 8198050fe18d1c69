import type { Message, StoredChat } from "./records.ts";
import { holdAnswer } from "./recover.ts";
import { Saver } from "./saver.ts";
import type { ChatStore } from "./store.ts";

interface Pending {
  readonly chat: StoredChat;
  readonly messages: ReadonlyMap<string, Message>;
}

/** Writes the changes of the chats in this page: those of an answer that grows together, all others at once. */
export class Keeper {
  readonly #store: ChatStore;
  readonly #pending = new Map<string, Pending>();
  readonly #saver: Saver<undefined>;

  /** `page`: where the page's last moments are heard of; the window. */
  constructor(store: ChatStore, page?: EventTarget) {
    this.#store = store;
    this.#saver = new Saver(() => this.#write(), page === undefined ? {} : { page });
  }

  /** `growing`: more of it will come in a moment, and may be written with it. */
  keep(chat: StoredChat, messages: readonly Message[], growing: boolean): void {
    const earlier = this.#pending.get(chat.id)?.messages ?? new Map<string, Message>();
    const all = new Map([...earlier, ...messages.map((message) => [message.id, message] as const)]);
    this.#pending.set(chat.id, { chat, messages: all });
    this.#saver.save(undefined);
    if (!growing) void this.#saver.flush();
  }

  /** Tells that an answer is written in this tab, until what it returns is called. */
  hold(messageId: string): () => void {
    const letGo = holdAnswer(messageId);
    // Not before its end is written: another tab would take it for interrupted.
    return () => void this.#saver.flush().then(letGo);
  }

  /** Forgets what waits to be written of a chat: it is being deleted. */
  forget(chatId: string): void {
    this.#pending.delete(chatId);
  }

  async #write(): Promise<void> {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    await Promise.all(
      all.map(({ chat, messages }) => this.#store.save(chat, [...messages.values()])),
    );
  }
}
