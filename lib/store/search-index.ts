import { excerptOf } from "./excerpt.ts";
import { fold } from "./fold.ts";
import type { Message } from "./records.ts";

interface IndexedText {
  readonly createdAt: number;
  readonly text: string;
  /** Folded when it is first searched, or in an idle moment: an answer that grows is not folded each time. */
  folded: string | undefined;
}

/** Where the words of a query are in a chat. */
export interface Find {
  /** Absent where only the title has them. */
  readonly excerpt?: string;
}

/** The texts of all chats in memory, folded for the search. Nothing of it is kept. */
export class SearchIndex {
  readonly #chats = new Map<string, Map<string, IndexedText>>();

  /** Takes the messages as the newest of their chat. */
  put(chatId: string, messages: readonly Message[]): void {
    const texts = this.#textsOf(chatId);
    for (const message of messages) texts.set(message.id, indexed(message));
  }

  /** Takes and folds those messages of which nothing newer is known. */
  fill(chatId: string, messages: readonly Message[]): void {
    const texts = this.#textsOf(chatId);
    for (const message of messages) {
      if (texts.has(message.id)) continue;
      const entry = indexed(message);
      entry.folded = fold(entry.text);
      texts.set(message.id, entry);
    }
  }

  forget(chatId: string): void {
    this.#chats.delete(chatId);
  }

  /** Undefined unless each of the folded words is in the title or in a text of the chat. */
  find(chatId: string, title: string, words: readonly string[]): Find | undefined {
    const texts = [...(this.#chats.get(chatId)?.values() ?? [])];
    const foldedTitle = fold(title);
    const occurs = (word: string): boolean =>
      foldedTitle.includes(word) || texts.some((entry) => foldedOf(entry).includes(word));
    if (!words.every(occurs)) return undefined;
    const inTexts = firstFind(texts, words);
    return inTexts === undefined ? {} : { excerpt: inTexts };
  }

  #textsOf(chatId: string): Map<string, IndexedText> {
    const texts = this.#chats.get(chatId) ?? new Map<string, IndexedText>();
    this.#chats.set(chatId, texts);
    return texts;
  }
}

function indexed({ createdAt, parts }: Message): IndexedText {
  const text = parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  return { createdAt, text, folded: undefined };
}

function foldedOf(entry: IndexedText): string {
  entry.folded ??= fold(entry.text);
  return entry.folded;
}

/** Around the first of the words that a text has, in the oldest text that has it. */
function firstFind(texts: readonly IndexedText[], words: readonly string[]): string | undefined {
  for (const word of words) {
    const oldest = texts
      .filter((entry) => foldedOf(entry).includes(word))
      .reduce<IndexedText | undefined>(
        (best, each) => (best === undefined || each.createdAt < best.createdAt ? each : best),
        undefined,
      );
    if (oldest !== undefined) return excerptOf(oldest.text, word, foldedOf(oldest));
  }
  return undefined;
}
