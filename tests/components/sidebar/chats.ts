import type { ChatSummary } from "../../../lib/store/records.ts";
import type { ChatStore, FoundChat, StoreChange, StoreTrouble } from "../../../lib/store/store.ts";

/** A chat of the list, made and changed at `updatedAt`. */
export function summary(id: string, given: Partial<ChatSummary> = {}): ChatSummary {
  const updatedAt = given.updatedAt ?? 0;
  return { id, title: `Title of ${id}`, createdAt: updatedAt, updatedAt, pinned: false, ...given };
}

/** Chats in memory, told of as a real store does. */
export class MemoryStore implements ChatStore {
  chats = new Map<string, ChatSummary>();
  trouble: StoreTrouble | undefined;
  lists = 0;
  readonly #listeners = new Set<(change: StoreChange | undefined) => void>();

  constructor(chats: readonly ChatSummary[]) {
    for (const chat of chats) this.chats.set(chat.id, chat);
  }

  tell(change?: StoreChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** As another tab does it. */
  put(chat: ChatSummary): void {
    this.chats.set(chat.id, chat);
    this.tell({ chatId: chat.id, kind: "saved", own: false });
  }

  list(): Promise<readonly ChatSummary[]> {
    this.lists += 1;
    return Promise.resolve(
      Array.from(this.chats.values(), (chat) => ({ ...chat })).toSorted(
        (one, other) => other.updatedAt - one.updatedAt,
      ),
    );
  }

  read(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  save(): Promise<void> {
    return Promise.resolve();
  }

  rename(chatId: string, title: string): Promise<void> {
    return this.#update(chatId, { title });
  }

  pin(chatId: string, pinned: boolean): Promise<void> {
    return this.#update(chatId, { pinned });
  }

  delete(chatId: string): Promise<() => Promise<void>> {
    const chat = this.chats.get(chatId);
    this.chats.delete(chatId);
    this.tell({ chatId, kind: "deleted", own: true });
    return Promise.resolve(() => {
      if (chat !== undefined) this.put(chat);
      return Promise.resolve();
    });
  }

  empty(): Promise<void> {
    this.chats.clear();
    return Promise.resolve();
  }

  search(words: string): Promise<readonly FoundChat[]> {
    const chats = Array.from(this.chats.values());
    return Promise.resolve(chats.filter(({ title }) => title.includes(words)));
  }

  readDraft(): Promise<string> {
    return Promise.resolve("");
  }

  saveDraft(): Promise<void> {
    return Promise.resolve();
  }

  subscribe(listener: (change: StoreChange | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
  }

  #update(chatId: string, news: Partial<ChatSummary>): Promise<void> {
    const chat = this.chats.get(chatId);
    if (chat !== undefined) this.put({ ...chat, ...news });
    return Promise.resolve();
  }
}
