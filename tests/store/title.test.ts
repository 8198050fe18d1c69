import { describe, expect, it } from "vitest";
import { titleOf } from "../../lib/store/title.ts";

const FAMILY = "👨‍👩‍👧‍👦";

describe("the title of a first question", () => {
  it.each([
    ["Why is the sky blue?", "Why is the sky blue?"],
    ["\n\n  ---\n What  is\tthis?\nMore.", "What is this?"],
    ["## 1. **Plan** my _week_", "Plan my week"],
    ["> - [ ] buy `milk` and ~~eggs~~", "buy milk and eggs"],
    ["See [the docs](https://example.com/a) and ![a cat](cat.png)", "See the docs and a cat"],
    [
      "What does snake_case_name mean, and 2 * 3 * 4?",
      "What does snake_case_name mean, and 2 * 3 * 4?",
    ],
    ["```ts\nconst x = 1;\n```\nWhat is wrong here?", "What is wrong here?"],
    ["```\nconst x = *p * *q;\n```", "const x = *p * *q;"],
    ["안녕하세요, **열쇠**를 잃어버렸어요", "안녕하세요, 열쇠를 잃어버렸어요"],
    ["👍", "👍"],
    ["???", "???"],
    ["", ""],
    [" \n\t\n", ""],
  ])("%j is %j", (question, title) => {
    expect(titleOf(question)).toBe(title);
  });

  it("is cut after a word, with nothing loose before the ellipsis", () => {
    expect(
      titleOf("Please tell me how a lock with pins works, and how it is opened without the key"),
    ).toBe("Please tell me how a lock with pins works, and how it is…");
    expect(titleOf(`${"word ".repeat(11)}four and more of it`)).toBe(`${"word ".repeat(11)}four…`);
  });

  it("is left alone at sixty characters", () => {
    expect(titleOf("x".repeat(60))).toBe("x".repeat(60));
    expect(titleOf("x".repeat(61))).toBe(`${"x".repeat(59)}…`);
  });

  it("cuts neither syllables nor emoji in half", () => {
    expect(titleOf("鍵".repeat(80))).toBe(`${"鍵".repeat(59)}…`);
    expect(titleOf(FAMILY.repeat(80))).toBe(`${FAMILY.repeat(59)}…`);
    expect(titleOf("각".normalize("NFD").repeat(80))).toBe(`${"각".normalize("NFD").repeat(59)}…`);
  });

  it("does not take long for a long line of marks", () => {
    expect(titleOf(`${"*[".repeat(100_000)}a`).length).toBeLessThan(100);
  });
});
