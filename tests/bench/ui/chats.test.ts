import { describe, expect, it } from "vitest";
import { chatRecord, chatTitle, FIRST_WORDS, lastWords } from "../../../bench/ui/text/chats.ts";

const textOf = (parts: readonly { readonly type: string }[]): string =>
  parts.map((part) => ("text" in part ? String(part.text) : "")).join("");

describe("a stored chat of the bench", () => {
  const { chat, messages } = chatRecord(7, 200);

  it("is one branch from its first message to its leaf", () => {
    expect(messages).toHaveLength(200);
    expect(messages[0]?.parentId).toBeUndefined();
    for (const [index, message] of messages.slice(1).entries()) {
      expect(message.parentId).toBe(messages[index]?.id);
    }
    expect(chat.leafId).toBe(messages.at(-1)?.id);
  });

  it("has ids that an address takes", () => {
    expect(chat.id).toMatch(/^[A-Za-z0-9_-]{1,64}$/u);
  });

  it("says the words that are looked for once, in its first and in its last message", () => {
    const having = (words: string): number[] =>
      messages.flatMap(({ parts }, index) => (textOf(parts).includes(words) ? [index] : []));
    expect(having(FIRST_WORDS)).toEqual([0]);
    expect(having(lastWords(200))).toEqual([199]);
  });

  it("is newer the higher its number", () => {
    expect(chatRecord(8, 2).chat.updatedAt).toBeGreaterThan(chat.updatedAt);
  });

  it("has a title that can be searched for alone", () => {
    const titles = Array.from({ length: 1000 }, (_, number) => chatTitle(number));
    expect(titles.filter((title) => title.includes("0417"))).toEqual([chatTitle(417)]);
    const texts = chatRecord(1, 6).messages.map(({ parts }) => textOf(parts));
    expect(texts.some((text) => text.includes("0417"))).toBe(false);
  });
});
