/** What the page may ask of the place where chats are kept, wherever that is. */
import type { ChatSummary, Message, StoredChat } from "./records.ts";

/** Why chats are not kept beyond this visit. */
export type StoreTrouble = "refused" | "full" | "newer";

/** A change that another tab, or this one, made. */
export interface StoreChange {
  readonly chatId: string;
  readonly kind: "saved" | "deleted";
  /** Made in this tab. */
  readonly own: boolean;
  /** The title that a person gave it, in this tab. */
  readonly renamed?: string;
}

export interface FoundChat extends ChatSummary {
  /** The words around the find; absent where only the title has it. */
  readonly excerpt?: string;
}

/**
 * Chats, messages and drafts. No method rejects: where the browser refuses or its storage is full, `trouble` tells,
 * and everything goes on in memory for this visit.
 */
export interface ChatStore {
  /** Pinned ones first, then the newest first. */
  list(): Promise<readonly ChatSummary[]>;
  /** Undefined: there is none of this id (any more). */
  read(
    chatId: string,
  ): Promise<{ readonly chat: StoredChat; readonly messages: readonly Message[] } | undefined>;
  /** Writes the chat and these of its messages; the other messages stay. */
  save(chat: StoredChat, messages: readonly Message[]): Promise<void>;
  rename(chatId: string, title: string): Promise<void>;
  pin(chatId: string, pinned: boolean): Promise<void>;
  /** Takes the chat out; what comes back puts it and its messages back as they were. */
  delete(chatId: string): Promise<() => Promise<void>>;
  /** Takes out every chat and every draft, for good. */
  empty(): Promise<void>;
  /** In titles and texts, without regard to case, width or accents; the newest first. */
  search(words: string, limit?: number): Promise<readonly FoundChat[]>;
  readDraft(key: string): Promise<string>;
  /** An empty text takes the draft out. */
  saveDraft(key: string, text: string): Promise<void>;
  readonly trouble: StoreTrouble | undefined;
  /** Called at each change of a chat, in any tab, and when `trouble` changes (then without a change). */
  subscribe(listener: (change: StoreChange | undefined) => void): () => void;
  close(): void;
}
