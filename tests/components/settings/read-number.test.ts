import { describe, expect, it } from "vitest";
import { NUMBER_FIELDS } from "../../../components/settings/fields.ts";
import { readNumber } from "../../../components/settings/read-number.ts";
import { addStop, readStop, showStop } from "../../../components/settings/stop-texts.ts";

describe("a number a person wrote", () => {
  it.each([
    ["0.7", 0.7],
    [" 0,7 ", 0.7],
    ["０．７", 0.7],
    ["1.", 1],
    [".5", 0.5],
    ["+2", 2],
    ["0", 0],
  ])("%j is %d", (text, value) => {
    expect(readNumber(text, NUMBER_FIELDS.temperature)).toEqual({ state: "valid", value });
  });

  it.each(["", "   ", "\u3000"])("%j is none", (text) => {
    expect(readNumber(text, NUMBER_FIELDS.temperature)).toEqual({ state: "unset" });
  });

  it.each([
    ["warm", "number"],
    ["1e1", "number"],
    ["0x1", "number"],
    [".", "number"],
    ["-", "number"],
    ["1.2.3", "number"],
    ["Infinity", "number"],
    ["-0.1", "range"],
    ["2.01", "range"],
  ])("%j is refused: %s", (text, reason) => {
    expect(readNumber(text, NUMBER_FIELDS.temperature)).toEqual({ state: "invalid", reason });
  });

  it.each([
    ["4096", { state: "valid", value: 4_096 }],
    ["4.5", { state: "invalid", reason: "whole" }],
    ["4,096", { state: "invalid", reason: "whole" }],
    ["4", { state: "invalid", reason: "range" }],
  ])("%j as a context length is %j", (text, reading) => {
    expect(readNumber(text, NUMBER_FIELDS.num_ctx)).toEqual(reading);
  });
});

describe("a text that ends an answer", () => {
  it.each([
    ["###", "###"],
    [String.raw`\n\nUser:`, "\n\nUser:"],
    [String.raw`C:\\new\t`, "C:\\new\t"],
    [" END", " END"],
  ])("%j is looked for as %j, and shown as it was written", (written, text) => {
    expect(readStop(written)).toBe(text);
    expect(showStop(text)).toBe(written);
  });

  it("is taken once, and only where there is room", () => {
    const eight = Array.from({ length: 8 }, (_none, index) => `${index}`);
    expect(addStop(["a"], "b")).toEqual(["a", "b"]);
    expect(addStop(["\n"], String.raw`\n`)).toEqual(["\n"]);
    expect(addStop(eight, "7")).toBe(eight);
    expect(addStop(eight, "8")).toBe("many");
    expect(addStop([], "x".repeat(200))).toHaveLength(1);
    expect(addStop([], "x".repeat(201))).toBe("long");
    expect(addStop([], "")).toEqual([]);
  });
});
