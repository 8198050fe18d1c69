import type { Connection } from "./connection.ts";
import type { KeptMessage } from "./database.ts";
import { readMessages, readMessagesOf } from "./disk.ts";
import { summaryOf } from "./edits.ts";
import { wordsOf } from "./fold.ts";
import { idle } from "./idle.ts";
import type { ChatSummary, Message } from "./records.ts";
import { SearchIndex } from "./search-index.ts";
import type { FoundChat } from "./store.ts";

/** Messages of a slice: a few milliseconds of work. */
const SLICE = 100;

/** The most that IndexedDB counts to. */
const ALL = 2 ** 32 - 1;

const LIMIT = 50;

/** The search over all chats: its index is read from the database in idle slices, or at once when it is asked. */
export class Search {
  readonly #connection: Connection;
  readonly #idle: () => Promise<void>;
  readonly #index = new SearchIndex();
  /** Chats that another tab changed since their texts were read. */
  readonly #stale = new Set<string>();
  readonly #hurry = Promise.withResolvers<void>();
  #hurried = false;
  #warming: Promise<boolean> | undefined;
  #closed = false;

  constructor(connection: Connection, whenIdle: () => Promise<void> = idle) {
    this.#connection = connection;
    this.#idle = whenIdle;
  }

  /** Begins to read the texts of all chats. */
  warm(): void {
    this.#warming ??= this.#readAll();
  }

  /** Takes messages of this tab as the newest. */
  put(chatId: string, messages: readonly Message[]): void {
    this.#index.put(chatId, messages);
  }

  markStale(chatId: string): void {
    this.#stale.add(chatId);
  }

  close(): void {
    this.#closed = true;
    this.#hurry.resolve();
  }

  /** Those of the chats in which every word of the query occurs, the newest first. */
  async search(
    chats: Iterable<ChatSummary>,
    query: string,
    limit: number = LIMIT,
  ): Promise<FoundChat[]> {
    const words = wordsOf(query);
    if (words.length === 0) return [];
    await this.#ready();
    const found: FoundChat[] = [];
    for (const chat of [...chats].toSorted((one, other) => other.updatedAt - one.updatedAt)) {
      if (found.length >= limit) break;
      const find = this.#index.find(chat.id, chat.title, words);
      if (find !== undefined) found.push({ ...summaryOf(chat), ...find });
    }
    return found;
  }

  async #ready(): Promise<void> {
    this.#hurried = true;
    this.#hurry.resolve();
    this.warm();
    // What could not be read is tried again with the next search; what is in memory is searched in any case.
    if ((await this.#warming) === false) this.#warming = undefined;
    const stale = [...this.#stale];
    this.#stale.clear();
    await Promise.all(stale.map((chatId) => this.#readAgain(chatId)));
  }

  async #readAgain(chatId: string): Promise<void> {
    try {
      const kept = await this.#connection.use((database) => readMessagesOf(database, chatId));
      this.#index.put(
        chatId,
        kept.map(({ message }) => message),
      );
    } catch {
      this.#stale.add(chatId);
    }
  }

  /** Whether everything was read. */
  async #readAll(): Promise<boolean> {
    try {
      let last: KeptMessage | undefined;
      do {
        await Promise.race([this.#idle(), this.#hurry.promise]);
        if (this.#closed) return false;
        last = await this.#readSlice(last, this.#hurried ? ALL : SLICE);
      } while (last !== undefined);
      return true;
    } catch {
      return false;
    }
  }

  /** The last message read; undefined when there are none after it. */
  async #readSlice(last: KeptMessage | undefined, count: number): Promise<KeptMessage | undefined> {
    const slice = await this.#connection.use((database) => readMessages(database, last, count));
    for (const [chatId, kept] of Map.groupBy(slice, (each) => each.chatId)) {
      this.#index.fill(
        chatId,
        kept.map(({ message }) => message),
      );
    }
    return slice.length < count ? undefined : slice.at(-1);
  }
}
