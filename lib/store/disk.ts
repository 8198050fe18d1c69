/** Reading and writing of chats in the open database. Everything here may reject. */
import type { IDBPTransaction } from "idb";
import { keysOf, type ChatSchema, type Database, type KeptMessage } from "./database.ts";
import { editedChat, isSame, type ChatEdit, type KeptChat } from "./edits.ts";
import type { Message, StoredChat } from "./records.ts";

type Stores = ("chats" | "messages" | "files")[];
type Reading = IDBPTransaction<ChatSchema, Stores, "readonly" | "readwrite">;
type Writing = IDBPTransaction<ChatSchema, Stores, "readwrite">;

const CHAT_STORES: Stores = ["chats", "messages", "files"];

/** What became of an edit. */
export interface Written {
  /** As it was before. */
  readonly before: KeptChat | undefined;
  /** As it is now; undefined: there is no such chat (any more). */
  readonly chat: StoredChat | undefined;
}

export function listChats(database: Database): Promise<StoredChat[]> {
  return database.getAll("chats");
}

export function readChat(database: Database, chatId: string): Promise<KeptChat | undefined> {
  return readKept(database.transaction(CHAT_STORES, "readonly"), chatId);
}

/** Messages of all chats without their files, in the order of their keys, after that of `last`. */
export function readMessages(
  database: Database,
  last: KeptMessage | undefined,
  count: number,
): Promise<KeptMessage[]> {
  const after =
    last === undefined ? undefined : IDBKeyRange.lowerBound([last.chatId, last.message.id], true);
  return database.getAll("messages", after, count);
}

/** The messages of one chat without their files. */
export function readMessagesOf(database: Database, chatId: string): Promise<KeptMessage[]> {
  return database.getAll("messages", keysOf(chatId));
}

/** What a tab knows of a chat that it writes to. */
export interface Known {
  /** It has seen the chat: when it is not there, somebody has deleted it, and it stays deleted. */
  readonly wasSeen: boolean;
  /** As it is now: it need not be read first, so that the write outlives a page that is on its way out. */
  readonly current: StoredChat | undefined;
}

/** Writes an edit, all or nothing. */
export async function writeEdit(
  database: Database,
  chatId: string,
  edit: ChatEdit,
  { wasSeen, current }: Known,
): Promise<Written> {
  const transaction = database.transaction(CHAT_STORES, "readwrite");
  return allOrNothing(transaction, async () => {
    if (edit.deleted === true) return remove(transaction, chatId);
    const before = current ?? (await transaction.objectStore("chats").get(chatId));
    const isGone = before === undefined && wasSeen && edit.whole !== true;
    const chat = isGone ? undefined : editedChat(before, edit);
    if (chat === undefined) return { before: undefined, chat };
    const writes = putAll(transaction, chat, current, [...edit.messages.values()]);
    transaction.commit();
    await Promise.all(writes);
    return { before: undefined, chat };
  });
}

/** Takes out what was written to a chat while another tab deleted it. */
export async function sweep(database: Database, chatId: string): Promise<void> {
  const transaction = database.transaction(CHAT_STORES, "readwrite");
  await allOrNothing(transaction, async () => {
    const chat = await transaction.objectStore("chats").get(chatId);
    if (chat === undefined) await remove(transaction, chatId);
  });
}

export async function writeDraft(database: Database, key: string, text: string): Promise<void> {
  await (text === "" ? database.delete("drafts", key) : database.put("drafts", text, key));
}

async function readKept(transaction: Reading, chatId: string): Promise<KeptChat | undefined> {
  const [chat, kept, files] = await Promise.all([
    transaction.objectStore("chats").get(chatId),
    transaction.objectStore("messages").getAll(keysOf(chatId)),
    transaction.objectStore("files").getAll(keysOf(chatId)),
  ]);
  if (chat === undefined) return undefined;
  const filesOf = new Map(files.map(({ messageId, attachments }) => [messageId, attachments]));
  const messages = kept.map(({ message }): Message => {
    const attachments = filesOf.get(message.id);
    return attachments === undefined ? message : { ...message, attachments };
  });
  return { chat, messages };
}

async function remove(transaction: Writing, chatId: string): Promise<Written> {
  const before = await readKept(transaction, chatId);
  await Promise.all([
    transaction.objectStore("chats").delete(chatId),
    transaction.objectStore("messages").delete(keysOf(chatId)),
    transaction.objectStore("files").delete(keysOf(chatId)),
  ]);
  return { before, chat: undefined };
}

/** Asks for all writes at once. A chat that stays as it is known is not written: another tab may just change it. */
function putAll(
  transaction: Writing,
  chat: StoredChat,
  current: StoredChat | undefined,
  messages: readonly Message[],
): Promise<unknown>[] {
  const chatId = chat.id;
  const writes: Promise<unknown>[] = [];
  try {
    if (!isSame(chat, current)) writes.push(transaction.objectStore("chats").put(chat));
    for (const { attachments = [], ...message } of messages) {
      writes.push(transaction.objectStore("messages").put({ chatId, message }));
      if (attachments.length === 0) continue;
      const files = { chatId, messageId: message.id, attachments };
      writes.push(transaction.objectStore("files").put(files));
    }
    return writes;
  } catch (error) {
    // Those that were asked for end with the transaction, and this is the error that is told.
    void Promise.allSettled(writes);
    throw error;
  }
}

/** Some browsers tell of a full disk only when the transaction is committed. */
async function allOrNothing<Value>(
  transaction: Writing,
  work: () => Promise<Value>,
): Promise<Value> {
  const abort = (error: unknown): never => {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself.
    }
    throw error;
  };
  const [value] = await Promise.all([work().catch(abort), transaction.done]);
  return value;
}
