import type { ChatSummary } from "../../lib/store/records.ts";
import type { ChatStore, StoreTrouble } from "../../lib/store/store.ts";
import { whenIdle } from "../common/when-idle.ts";
import { onceIdle } from "./once-idle.ts";
import { keepSame } from "./same-chats.ts";

export interface ChatListState {
  /** Undefined until they were read for the first time. */
  readonly chats: readonly ChatSummary[] | undefined;
  readonly trouble: StoreTrouble | undefined;
}

/** The store's list of chats as the page shows it: changes made here show at once, others when the page is idle. */
export class ChatList {
  #state: ChatListState;
  readonly #store: ChatStore;
  readonly #later: (task: () => void) => () => void;
  readonly #listeners = new Set<() => void>();
  /** Grows with each change made here: what was read before it is old. */
  #changes = 0;
  #writing = 0;
  #reading = false;
  #again = false;

  constructor(store: ChatStore, later: (task: () => void) => () => void = whenIdle) {
    this.#store = store;
    this.#later = later;
    this.#state = { chats: undefined, trouble: store.trouble };
  }

  readonly read = (): ChatListState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads the list and follows the store. Returns what ends that. */
  start(): () => void {
    const loading = onceIdle(() => void this.#load(), this.#later);
    const leave = this.#store.subscribe(() => {
      this.#publish({ trouble: this.#store.trouble });
      loading.ask();
    });
    void this.#load();
    return () => {
      leave();
      loading.callOff();
    };
  }

  rename(chatId: string, title: string): Promise<void> {
    return this.#change(
      (chats) => chats.map((chat) => (chat.id === chatId ? { ...chat, title } : chat)),
      () => this.#store.rename(chatId, title),
    );
  }

  pin(chatId: string, pinned: boolean): Promise<void> {
    return this.#change(
      (chats) => chats.map((chat) => (chat.id === chatId ? { ...chat, pinned } : chat)),
      () => this.#store.pin(chatId, pinned),
    );
  }

  /** Takes the chat out. What comes back, at once, puts it back. */
  delete(chat: ChatSummary): () => Promise<void> {
    const deleted = this.#change(
      (chats) => chats.filter(({ id }) => id !== chat.id),
      () => this.#store.delete(chat.id),
    );
    return () =>
      this.#change(
        (chats) => [...chats.filter(({ id }) => id !== chat.id), chat],
        async () => (await deleted)(),
      );
  }

  async #change<Result>(
    change: (chats: readonly ChatSummary[]) => readonly ChatSummary[],
    write: () => Promise<Result>,
  ): Promise<Result> {
    this.#changes += 1;
    this.#writing += 1;
    this.#publish({ chats: change(this.#state.chats ?? []) });
    try {
      return await write();
    } finally {
      this.#writing -= 1;
      void this.#load();
    }
  }

  async #load(): Promise<void> {
    // The last of the changes that are being written reads anew.
    if (this.#writing > 0) return;
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    while (this.#again) {
      this.#again = false;
      const changes = this.#changes;
      const chats = await this.#store.list();
      if (changes === this.#changes) {
        this.#publish({
          chats: keepSame(this.#state.chats ?? [], chats),
          trouble: this.#store.trouble,
        });
      }
    }
    this.#reading = false;
  }

  #publish(news: Partial<ChatListState>): void {
    const next = { ...this.#state, ...news };
    if (next.chats === this.#state.chats && next.trouble === this.#state.trouble) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
