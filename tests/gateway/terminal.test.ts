import { describe, expect, it } from "vitest";
import { columnsOf, fitted } from "../../gateway/terminal.ts";

const NARROW = { isTTY: true, columns: 32 };
const LINES = [
  "Give this computer a fixed address there:",
  "  a-command --with its long and unbroken line",
  "NAME   SINCE             THE REST OF A ROW",
  "",
  "Short.",
];

describe("text for a terminal", () => {
  it("breaks sentences at spaces, and leaves what is copied or stands in columns", () => {
    expect(fitted(LINES, NARROW).split("\n")).toEqual([
      "Give this computer a fixed",
      "address there:",
      "  a-command --with its long and unbroken line",
      "NAME   SINCE             THE REST OF A ROW",
      "",
      "Short.",
    ]);
  });

  it("breaks nothing where a program reads it", () => {
    expect(fitted(LINES, { isTTY: false, columns: 32 })).toBe(LINES.join("\n"));
  });

  it("takes what is no terminal for one of 80 columns", () => {
    expect(columnsOf(NARROW)).toBe(32);
    expect(columnsOf({ isTTY: false, columns: 32 })).toBe(80);
    // As a pseudo-terminal has it whose size nobody told.
    expect(columnsOf({ isTTY: true, columns: 0 })).toBe(80);
    expect(fitted(LINES, { isTTY: true, columns: 0 })).toBe(LINES.join("\n"));
  });
});
