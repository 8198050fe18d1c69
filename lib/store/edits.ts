/** Changes of chats on their way to where chats are kept, as data. */
import type { ChatSummary, Message, StoredChat } from "./records.ts";

export interface ChatEdit {
  /** Out it goes. A deletion that waits holds nothing else. */
  readonly deleted?: true;
  /** The chat is put back as it was: nothing of the one that is there counts. */
  readonly whole?: true;
  readonly chat?: StoredChat;
  readonly title?: string;
  readonly pinned?: boolean;
  readonly messages: ReadonlyMap<string, Message>;
}

/** A chat with its messages, as they are kept. */
export interface KeptChat {
  readonly chat: StoredChat;
  readonly messages: readonly Message[];
}

export const NO_EDIT: ChatEdit = { messages: new Map() };
export const DELETION: ChatEdit = { deleted: true, messages: new Map() };

/** The first edit with the second one after it. */
export function join(first: ChatEdit, second: ChatEdit): ChatEdit {
  if (second.deleted === true || second.whole === true) return second;
  const { deleted: _, ...rest } = first;
  return { ...rest, ...second, messages: new Map([...first.messages, ...second.messages]) };
}

/** A chat of which these messages were said or changed. */
export function saving(chat: StoredChat, messages: readonly Message[]): ChatEdit {
  return { chat, messages: byId(messages) };
}

/** A chat that comes back. */
export function restoring({ chat, messages }: KeptChat): ChatEdit {
  return { whole: true, chat, messages: byId(messages) };
}

/**
 * The chat after the edit; undefined when there is none. Whoever saves a chat may hold an old copy of it, since
 * another tab may have renamed or pinned it meanwhile: the name a person gave and the pin are changed by `title` and
 * `pinned` alone once the chat exists.
 */
export function editedChat(
  current: StoredChat | undefined,
  edit: ChatEdit,
): StoredChat | undefined {
  if (edit.deleted === true) return undefined;
  const base = edit.whole === true ? undefined : current;
  const chat = edit.chat === undefined ? base : mergedChat(base, edit.chat);
  if (chat === undefined) return undefined;
  return {
    ...chat,
    ...(edit.title === undefined ? {} : { title: edit.title, renamed: true }),
    ...(edit.pinned === undefined ? {} : { pinned: edit.pinned }),
  };
}

/** The chat and its messages after the edit, in the order of their making; undefined when there is no chat. */
export function editedKept(current: KeptChat | undefined, edit: ChatEdit): KeptChat | undefined {
  const chat = editedChat(current?.chat, edit);
  if (chat === undefined) return undefined;
  const messages = byId(current?.messages ?? []);
  for (const [id, message] of edit.messages) messages.set(id, message);
  return {
    chat,
    messages: [...messages.values()].toSorted((one, other) => one.createdAt - other.createdAt),
  };
}

/** Whether nothing of the chat is other than it was; settings are the same as long as nobody made new ones. */
export function isSame(chat: StoredChat, before: StoredChat | undefined): boolean {
  return (
    before !== undefined &&
    chat.title === before.title &&
    chat.createdAt === before.createdAt &&
    chat.updatedAt === before.updatedAt &&
    chat.pinned === before.pinned &&
    chat.renamed === before.renamed &&
    chat.settings === before.settings &&
    chat.leafId === before.leafId
  );
}

/** As the list of chats shows them: pinned ones first, then the newest first. */
export function inOrder(chats: Iterable<StoredChat>): ChatSummary[] {
  return Array.from(chats, summaryOf).toSorted(
    (one, other) => Number(other.pinned) - Number(one.pinned) || other.updatedAt - one.updatedAt,
  );
}

export function summaryOf({ id, title, createdAt, updatedAt, pinned }: ChatSummary): ChatSummary {
  return { id, title, createdAt, updatedAt, pinned };
}

function mergedChat(current: StoredChat | undefined, chat: StoredChat): StoredChat {
  if (current === undefined) return chat;
  return {
    ...chat,
    pinned: current.pinned,
    updatedAt: Math.max(current.updatedAt, chat.updatedAt),
    ...(current.renamed ? { title: current.title, renamed: true } : {}),
    ...newerSettings(current, chat),
  };
}

/** Whoever writes an answer may hold settings that another tab has changed meanwhile. */
function newerSettings(
  current: StoredChat,
  { settings, settingsAt }: StoredChat,
): Pick<StoredChat, "settings" | "settingsAt"> {
  const newer = (current.settingsAt ?? 0) > (settingsAt ?? 0) ? current : { settings, settingsAt };
  return {
    settings: newer.settings,
    ...(newer.settingsAt === undefined ? {} : { settingsAt: newer.settingsAt }),
  };
}

function byId(messages: readonly Message[]): Map<string, Message> {
  return new Map(messages.map((message) => [message.id, message]));
}
