import { describe, expect, it } from "vitest";
import { newestWords, piecesOf } from "../../../components/status/thought.ts";

describe("the newest words of a thought", () => {
  it("are all of it while it is short, on one line", () => {
    expect(newestWords(" I see\n\na  door. ")).toBe("I see a door.");
  });

  it("are its end, beginning with a whole word", () => {
    const words = newestWords(`${"word ".repeat(50_000)}and the end`);
    expect(words).toMatch(/^… (word )+and the end$/u);
    expect(words.length).toBeLessThan(95);
  });

  it("hold no half of a character", () => {
    for (const pad of ["", "."])
      expect(newestWords("😀".repeat(500) + pad).isWellFormed()).toBe(true);
  });

  it("are cut even where hundreds of spaces hide that there is more", () => {
    expect(newestWords(`beginning${" ".repeat(900)}half end`)).toMatch(/^… .*end$/u);
  });
});

describe("the pieces of a thought", () => {
  const line = `${"a door and a key ".repeat(6)}\n`;

  it("put together are the thought", () => {
    const text = line.repeat(900);
    expect(piecesOf(text).join("\n")).toBe(text);
    expect(piecesOf("")).toEqual([""]);
    expect(piecesOf("x".repeat(5000))).toEqual(["x".repeat(5000)]);
  });

  it("change at the end only when the thought grows", () => {
    let before = piecesOf("");
    for (let lines = 1; lines < 200; lines += 7) {
      const after = piecesOf(line.repeat(lines));
      const settled = before.slice(0, -1);
      expect(after.slice(0, settled.length)).toEqual(settled);
      before = after;
    }
    expect(before.length).toBeGreaterThan(5);
  });
});
