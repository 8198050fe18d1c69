import { describe, expect, it } from "vitest";
import { joinParts } from "../../../components/chats/continued.ts";
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
