import { describe, expect, it } from "vitest";
import { joinMetadata, joinParts } from "../../../components/chats/continued.ts";
import type { Part } from "../../../lib/store/records.ts";

const text = (id: string, words: string): Part => ({ id, type: "text", text: words });
const thinking = (id: string, words: string): Part => ({ id, type: "thinking", text: words });

describe("an answer that goes on", () => {
  it("is one text, in the midst of a word too", () => {
    expect(joinParts([thinking("0", "Hm."), text("1", "A do")], [text("0", "or.")])).toEqual([
      thinking("0", "Hm."),
      text("1", "A door."),
    ]);
  });

  it("keeps what came after its first words, each part with a number of its own", () => {
    const joined = joinParts([text("0", "A do")], [text("0", "or."), thinking("1", "Hm.")]);
    expect(joined).toEqual([text("0", "A door."), thinking("1", "Hm.")]);
    expect(joinParts([thinking("0", "Hm.")], [text("0", "A door.")])).toEqual([
      thinking("0", "Hm."),
      text("1", "A door."),
    ]);
  });

  it("is just what comes where nothing was", () => {
    const grown = [text("0", "A door.")];
    expect(joinParts([], grown)).toBe(grown);
  });
});

describe("what is known of an answer that goes on", () => {
  const before = { promptTokens: 10, completionTokens: 500, totalMs: 9000, firstTokenMs: 300 };

  it("is of the whole answer", () => {
    const grown = { promptTokens: 512, completionTokens: 12, totalMs: 800, firstTokenMs: 90 };
    expect(joinMetadata(before, { ...grown, tokensPerSecond: 40 })).toEqual({
      ...before,
      completionTokens: 512,
      totalMs: 9800,
      tokensPerSecond: 40,
    });
  });

  it("is an estimate where a part of it was one", () => {
    expect(joinMetadata({ ...before, estimated: true }, { completionTokens: 1 })).toMatchObject({
      completionTokens: 501,
      estimated: true,
    });
    expect(joinMetadata(before, { completionTokens: 1, estimated: true })).toHaveProperty(
      "estimated",
      true,
    );
  });

  it("is what the second request tells where the first told nothing", () => {
    const grown = { completionTokens: 12 };
    expect(joinMetadata(undefined, grown)).toBe(grown);
    expect(joinMetadata({}, grown)).toEqual(grown);
  });
});
