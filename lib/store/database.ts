import type { DBSchema, IDBPDatabase } from "idb";
import type { Attachment, Message, StoredChat } from "./records.ts";

/** A message without its files: those are large, and only who opens the chat wants them. */
export interface KeptMessage {
  readonly chatId: string;
  readonly message: Omit<Message, "attachments">;
}

export interface KeptFiles {
  readonly chatId: string;
  readonly messageId: string;
  readonly attachments: readonly Attachment[];
}

export interface ChatSchema extends DBSchema {
  /** Small records, so that the list of all chats is one read. */
  chats: { key: string; value: StoredChat };
  messages: { key: [string, string]; value: KeptMessage };
  files: { key: [string, string]; value: KeptFiles };
  /** The texts, by the composer's keys. */
  drafts: { key: string; value: string };
}

export type Database = IDBPDatabase<ChatSchema>;

/** What makes each version out of the one before it. Those that were delivered never change. */
const MIGRATIONS: readonly ((database: Database) => void)[] = [
  (database) => {
    database.createObjectStore("chats", { keyPath: "id" });
    database.createObjectStore("messages", { keyPath: ["chatId", "message.id"] });
    database.createObjectStore("files", { keyPath: ["chatId", "messageId"] });
    database.createObjectStore("drafts");
  },
];

export const DATABASE_NAME = "latchkey";
export const DATABASE_VERSION = MIGRATIONS.length;

/** Brings a database of any earlier version (0: a new one) to the present one. */
export function migrate(database: Database, oldVersion: number): void {
  for (const migration of MIGRATIONS.slice(oldVersion)) migration(database);
}

/** The keys of everything that belongs to a chat: arrays come after every string. */
export function keysOf(chatId: string): IDBKeyRange {
  return IDBKeyRange.bound([chatId], [chatId, []]);
}
