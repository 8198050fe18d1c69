import { editedChat, editedKept, type ChatEdit, type KeptChat } from "./edits.ts";
import type { Message, StoredChat } from "./records.ts";

/** Chats can hold pictures of some megabytes each. */
const OPENED_CHATS = 16;

/**
 * What was read or written during this visit: it stays when the browser's database goes away. It also knows how far
 * it can be trusted while the database is there. Who puts something says with `since` which version of this memory it
 * saw when it began, or nothing where changes in other tabs are not heard of.
 */
export class Remembered {
  #version = 0;
  #isListed = false;
  /** Chats that this tab wrote, and no other one since. */
  readonly #current = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #chats = new Map<string, StoredChat>();
  /** Of the chats that were opened last, the latest at the end. */
  readonly #messages = new Map<string, readonly Message[]>();

  /** Counts what happened to chats, in any tab. */
  get version(): number {
    return this.#version;
  }

  /** Whether all chats are remembered as they are now. */
  get isListed(): boolean {
    return this.#isListed;
  }

  /** All chats with the edits that are not written. */
  chatsWith(edits: ReadonlyMap<string, ChatEdit>): ReadonlyMap<string, StoredChat> {
    const chats = new Map(this.#chats);
    for (const [chatId, edit] of edits) {
      const chat = editedChat(chats.get(chatId), edit);
      if (chat === undefined) chats.delete(chatId);
      else chats.set(chatId, chat);
    }
    return chats;
  }

  /** The chat as it is now; undefined where another tab may have changed it. */
  current(chatId: string): StoredChat | undefined {
    return this.#current.has(chatId) ? this.#chats.get(chatId) : undefined;
  }

  /** Whether the chat was ever seen where chats are kept: one that is not there now was deleted. */
  wasSeen(chatId: string): boolean {
    return this.#seen.has(chatId);
  }

  read(chatId: string): KeptChat | undefined {
    const chat = this.#chats.get(chatId);
    return chat === undefined ? undefined : { chat, messages: this.#messages.get(chatId) ?? [] };
  }

  /** All chats that there are. */
  putAll(chats: readonly StoredChat[], since: number | undefined): void {
    this.#isListed = since === this.#version;
    this.#chats.clear();
    for (const chat of chats) this.#put(chat);
  }

  putOpened({ chat, messages }: KeptChat): void {
    this.#put(chat);
    this.#messages.delete(chat.id);
    this.#messages.set(chat.id, messages);
    for (const chatId of [...this.#messages.keys()].slice(0, -OPENED_CHATS)) {
      this.#messages.delete(chatId);
    }
  }

  /** A chat as it is after an edit was written. */
  putWritten(chat: StoredChat, edit: ChatEdit, since: number | undefined): void {
    if (since === this.#version) this.#current.add(chat.id);
    this.#version += 1;
    // Of one that was never opened, only some messages would be known.
    const isWhole = this.#messages.has(chat.id) || !this.#seen.has(chat.id) || edit.whole === true;
    const kept = editedKept(this.read(chat.id), edit);
    if (isWhole && kept !== undefined) this.putOpened({ chat, messages: kept.messages });
    else this.#put(chat);
  }

  /** Another tab changed the chat. Returns whether this one had written to it last. */
  doubt(chatId: string): boolean {
    this.#version += 1;
    this.#isListed = false;
    return this.#current.delete(chatId);
  }

  /** Nothing is known of what the database holds now. */
  doubtAll(): void {
    this.#version += 1;
    this.#isListed = false;
    this.#current.clear();
  }

  /** The chat is deleted. */
  forget(chatId: string): void {
    this.#version += 1;
    this.#current.delete(chatId);
    this.#chats.delete(chatId);
    this.#messages.delete(chatId);
  }

  #put(chat: StoredChat): void {
    this.#seen.add(chat.id);
    this.#chats.set(chat.id, chat);
  }
}
