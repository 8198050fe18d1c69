import { describe, expect, it } from "vitest";
import { findMarks } from "../../../components/sidebar/find-marks.ts";

/** With the finds in brackets. */
const marked = (text: string, words: string) =>
  findMarks(text, words)
    .map((piece) => (piece.found ? `[${piece.text}]` : piece.text))
    .join("");

describe("findMarks", () => {
  it.each([
    ["The door and the DOOR", "door", "The [door] and the [DOOR]"],
    ["Café crème", "cafe", "[Café] crème"],
    ["Cafe\u0301 noir", "café", "[Cafe\u0301] noir"],
    ["ＧＰＵ and gpu", "gpu", "[ＧＰＵ] and [gpu]"],
    ["Die Straße ﬁel auf", "fiel", "Die Straße [ﬁel] auf"],
    ["오늘 저녁에 만들 요리", "저녁", "오늘 [저녁]에 만들 요리"],
    ["가나다".normalize("NFD"), "나", `가[나]다`.normalize("NFD")],
    ["a locked door, a door lock", "door lock", "a locked door, a [door lock]"],
    ["keys for a door", "door keys", "[keys] for a [door]"],
    ["aaa", "aa", "[aaa]"],
    ["👨‍👩‍👧 family", "family", "👨‍👩‍👧 [family]"],
    ["1 + 1 (.*)", "(.*)", "1 + 1 [(.*)]"],
    ["nothing", "here", "nothing"],
    ["nothing", "  ", "nothing"],
    ["", "x", ""],
  ])("%s, looked through for %s", (text, words, expected) => {
    expect(marked(text, words)).toBe(expected);
    expect(
      findMarks(text, words)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
});
