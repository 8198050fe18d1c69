import { describe, expect, it } from "vitest";
import { settledBlocks, type Blocks } from "../../../components/markdown/settled-blocks.ts";
import { TEXTS } from "./texts.ts";

/** The blocks after each character, each split going on where the last one ended. */
function* growing(text: string): Generator<{ readonly shown: string; readonly blocks: Blocks }> {
  let blocks: Blocks | undefined;
  for (let length = 0; length <= text.length; length += 1) {
    const shown = text.slice(0, length);
    blocks = settledBlocks(shown, blocks);
    yield { shown, blocks };
  }
}

const sources = ({ settled }: Blocks): string[] => settled.map(({ source }) => source);

describe.each(Object.entries(TEXTS))("the blocks of %s", (_name, text) => {
  it("are the text, at every length", () => {
    for (const { shown, blocks } of growing(text)) {
      expect(sources(blocks).join("") + blocks.tail).toBe(shown);
    }
  });

  it("stay once they have settled, and are what a split of the whole text finds", () => {
    let before: string[] = [];
    let last: Blocks | undefined;
    for (const { blocks } of growing(text)) {
      const now = sources(blocks);
      expect(now.slice(0, before.length)).toEqual(before);
      before = now;
      last = blocks;
    }
    expect(last).toEqual(settledBlocks(text));
  });
});

describe("settling", () => {
  it("waits while what follows may still belong to it", () => {
    expect(settledBlocks("One.\nTwo\n").settled).toEqual([]);
    expect(settledBlocks("- a\n\n- b").settled).toEqual([]);
    expect(settledBlocks("- a\n\n*").settled).toEqual([]);
    expect(settledBlocks("1. a\n\n2").settled).toEqual([]);
    expect(settledBlocks("- a\n\n  b").settled).toEqual([]);
    expect(sources(settledBlocks("- a\n\n* b\n"))).toEqual(["- a\n\n"]);
  });

  it("needs no end of the line that follows where nothing in it can change what came before", () => {
    expect(sources(settledBlocks("One.\n\nT"))).toEqual(["One.\n\n"]);
    expect(sources(settledBlocks("One.\n\n-"))).toEqual(["One.\n\n"]);
    expect(sources(settledBlocks("- a\n\nb"))).toEqual(["- a\n\n"]);
    expect(sources(settledBlocks("| a |\n|---|\n\n| b"))).toEqual(["| a |\n|---|\n\n"]);
  });

  it("leaves a fence that is open whole, blank lines and all", () => {
    expect(settledBlocks("```\na\n\n# b\n\nc\n").settled).toEqual([]);
  });

  it("begins anew when the text is another one", () => {
    const other = settledBlocks("Old.\n\nText\n");
    expect(settledBlocks("New.\n\nText\n", other)).toEqual(settledBlocks("New.\n\nText\n"));
  });

  it("keeps the tail small in a long answer", () => {
    const text = "A paragraph of some length.\n\n".repeat(500);
    expect(settledBlocks(text).tail.length).toBeLessThan(60);
  });
});
