import { describe, expect, it } from "vitest";
import { estimateMessages, trimMessages } from "../../../lib/wire/context.ts";

const user = (content: string) => ({ role: "user", content }) as const;
const assistant = (content: string) => ({ role: "assistant", content }) as const;
const system = { role: "system", content: "Be brief." } as const;
const tool = { role: "tool", content: "21", tool_name: "t" } as const;

const talk = [
  system,
  user("one"),
  assistant("1"),
  user("two"),
  tool,
  assistant("2"),
  user("three"),
];

describe("a conversation that is trimmed", () => {
  it("keeps what the system says, and begins with a question", () => {
    const room = estimateMessages(talk) - 1;
    const trimmed = trimMessages(talk, room);
    expect(trimmed).toEqual({ left: 2, messages: [system, ...talk.slice(3)] });
  });

  it("keeps the last question at the least", () => {
    const least = estimateMessages([system, user("three")]);
    expect(trimMessages(talk, least)).toEqual({ left: 5, messages: [system, user("three")] });
    expect(trimMessages(talk, least - 1)).toBeUndefined();
  });

  it("stays whole when it fits", () => {
    expect(trimMessages(talk, estimateMessages(talk))).toMatchObject({ left: 0 });
  });

  it("is found in one walk, however many messages it has", () => {
    const many = Array.from({ length: 100_000 }, (_, index) => user(`message ${index}`));
    const trimmed = trimMessages(many, 100);
    expect(trimmed?.messages.at(-1)).toEqual(user("message 99999"));
    expect(trimmed?.messages.length).toBeLessThan(30);
  });

  it("counts a picture as many words, and not by its bytes", () => {
    const picture = { ...user("x"), images: ["A".repeat(100_000)] };
    const tokens = estimateMessages([picture]);
    expect(tokens).toBeGreaterThan(500);
    expect(tokens).toBeLessThan(1_000);
  });
});
