import type { Message, StoredChat } from "../../../lib/store/records.ts";
import { words } from "./blocks.ts";
import { richText } from "./rich.ts";

/** Messages of the long stored chat, questions and answers in turns. */
export const STORED_LENGTH = 200;
/** Tokens of each of its answers. */
const ANSWER_TOKENS = 220;

/** What only the first message of the stored chat says. */
export const FIRST_WORDS = "Where does the kingfisher nest";

interface StoredText {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** What is said in a stored chat of so many messages. */
export function storedTexts(count: number): readonly StoredText[] {
  return Array.from({ length: count }, (_, index): StoredText => {
    if (index % 2 === 1) {
      return { role: "assistant", text: `Answer ${index}.\n\n${richText(ANSWER_TOKENS)}` };
    }
    const question = index === 0 ? FIRST_WORDS : `Question ${index} about the ${words(index, 6)}`;
    return { role: "user", text: `${question}?` };
  });
}

/** What the last reply of such a chat begins with. */
export function lastWords(count: number): string {
  return `Answer ${count - 1}.`;
}

export interface ChatRecord {
  readonly chat: StoredChat;
  readonly messages: readonly Message[];
}

const BEGAN_MS = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;

/** A chat as the store keeps it. The higher its number, the newer it is. */
export function chatRecord(number: number, messageCount: number): ChatRecord {
  const id = `bench-${String(number).padStart(4, "0")}`;
  const createdAt = BEGAN_MS + number * MINUTE_MS;
  const messages = storedTexts(messageCount).map(({ role, text }, index): Message => {
    const parent = index === 0 ? {} : { parentId: `${id}-${index - 1}` };
    const parts = [{ id: "0", type: "text" as const, text }];
    return { id: `${id}-${index}`, ...parent, role, parts, state: "done", createdAt };
  });
  const chat: StoredChat = {
    id,
    title: chatTitle(number),
    createdAt,
    updatedAt: createdAt,
    pinned: false,
    renamed: false,
    settings: {},
    leafId: `${id}-${messageCount - 1}`,
  };
  return { chat, messages };
}

/** A title that no other chat has. */
export function chatTitle(number: number): string {
  return `Chat ${String(number).padStart(4, "0")} on ${words(number, 3)}`;
}
