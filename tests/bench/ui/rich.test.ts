import { describe, expect, it } from "vitest";
import { END_MARK, richText, richTokens } from "../../../bench/ui/text/rich.ts";

describe("the answer that is measured", () => {
  it.each([8, 300, 400, 4000])("has exactly %i tokens and loses nothing of its text", (tokens) => {
    const pieces = richTokens(tokens);
    expect(pieces).toHaveLength(tokens);
    expect(pieces.join("")).toBe(richText(tokens));
  });

  it("ends with its mark, a paragraph of its own, and says it once", () => {
    const text = richText(4000);
    expect(text.endsWith(`\n\n${END_MARK}`)).toBe(true);
    expect(text.split(END_MARK)).toHaveLength(2);
  });

  it("closes each code block and formula before the end", () => {
    const text = richText(4000);
    expect(text.match(/^```/gmu)?.length ?? 1).toSatisfy((count: number) => count % 2 === 0);
    expect(text.match(/^\$\$$/gmu)?.length ?? 1).toSatisfy((count: number) => count % 2 === 0);
  });

  it("has every kind of Markdown, code and maths early", () => {
    const kinds = [/^## /mu, /^\| /mu, /^1\. /mu, /^> /mu, /\*\*열쇠\*\*는/u, /钥匙/u, /\[x\]/u];
    for (const kind of kinds) expect(richText(4000)).toMatch(kind);
    for (const language of ["ts", "python", "sh", "rust", "sql", "json"]) {
      expect(richText(4000)).toContain(`\`\`\`${language}\n`);
    }
    expect(richText(400)).toContain("```ts\n");
    expect(richText(400)).toContain("\n$$\n");
  });

  it("says no block twice", () => {
    const blocks = richText(4000).split(/\n\n(?=##)/u);
    expect(blocks.length).toBeGreaterThan(10);
    expect(new Set(blocks).size).toBe(blocks.length);
  });

  it("refuses to be shorter than its end", () => {
    expect(() => richText(2)).toThrow("no place");
  });
});
