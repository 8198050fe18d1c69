import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { excerptOf } from "../../lib/store/excerpt.ts";
import { fold, wordsOf } from "../../lib/store/fold.ts";

describe("a folded text", () => {
  it.each([
    ["Straße", "STRASSE"],
    ["Crème Brûlée", "creme brulee"],
    ["Łódź, Ødegård", "lodz, odegard"],
    ["ＬＡＴＣＨ ﬁt", "latch fit"],
    ["ΟΔΟΣ", "οδος"],
    ["İstanbul", "istanbul"],
    ["ﾄﾞｱ", "ドア"],
    ["각".normalize("NFD"), "각"],
    ["مُحَمَّد", "محمد"],
    ["co\u00adoperate", "cooperate"],
  ])("of %s is that of %s", (one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  it.each([
    ["か", "が"],
    ["가", "각"],
    ["हिन्दी", "हन्द"],
  ])("tells %s and %s apart", (one, other) => {
    expect(fold(one)).not.toBe(fold(other));
    expect(fold(other)).not.toContain(fold(one));
  });

  it("stays as it is when it is folded again", () => {
    assert(
      property(string({ unit: "grapheme" }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});

describe("the words of a query", () => {
  it("are folded, and each is there once", () => {
    expect(wordsOf("  Door　DOOR\u00a0Schlüssel ")).toEqual(["door", "schlussel"]);
    expect(wordsOf(" \t")).toEqual([]);
  });
});

describe("an excerpt", () => {
  it("is the text on one line where it is short", () => {
    expect(excerptOf("One\n\ndoor,  two\tkeys", "door")).toBe("One door, two keys");
  });

  it("has the words around the find, also where folding changes lengths", () => {
    const text = `${"ßﬁ ".repeat(100)}the DOOR itself ${"ßﬁ ".repeat(100)}`;
    const excerpt = excerptOf(text, "door") ?? "";
    expect(excerpt).toContain("the DOOR itself");
    expect(excerpt).toMatch(/^….*…$/u);
    expect(excerpt.length).toBeLessThan(200);
  });

  it("is cut between characters", () => {
    const family = "👨‍👩‍👧‍👦";
    for (let shift = 0; shift < family.length; shift += 1) {
      const text = `${family.repeat(9)}${"x".repeat(shift)}열쇠${family.repeat(20)}`;
      expect(excerptOf(text, "열쇠")).toMatch(/^…(👨‍👩‍👧‍👦)+x*열쇠(👨‍👩‍👧‍👦)+…$/u);
    }
  });

  it("is none where the word does not occur", () => {
    expect(excerptOf("window", "door")).toBeUndefined();
  });
});
