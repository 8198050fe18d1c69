import { describe, expect, it } from "vitest";
import {
  base64Fault,
  goJson,
  jsonComplaint,
  nanoseconds,
  parseDuration,
  timestamp,
} from "../../../gateway/demo/go.ts";

function complaint(text: string): string {
  try {
    JSON.parse(text);
  } catch (thrown) {
    return jsonComplaint(text, thrown);
  }
  return "none";
}

describe("what Go's standard library shows on Ollama's wire", () => {
  it.each([
    ["{bad", "invalid character 'b' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ["[1 2]", "invalid character '2' after array element"],
    ["hello", "invalid character 'h' looking for beginning of value"],
    ['{"a":', "unexpected EOF"],
    ['{"a":"b', "unexpected EOF"],
  ])("complains about %s", (text, words) => {
    expect(complaint(text)).toBe(words);
  });

  it.each([
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1500],
    ["250ms", 250],
    ["-1s", -1000],
    ["0", 0],
    ["soon", undefined],
    ["300", undefined],
    ["", undefined],
  ])("reads the duration %s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it("escapes what a page could take for markup", () => {
    expect(goJson({ text: "<|user|> & 한국어 🔑" })).toBe(
      '{"text":"\\u003c|user|\\u003e \\u0026 한국어 🔑"}',
    );
  });

  it.each([
    ["iVBORw0KGgo=", undefined],
    ["not base64!", 3],
    ["abc", 3],
  ])("looks for the end of base64 in %s", (text, fault) => {
    expect(base64Fault(text)).toBe(fault);
  });

  it("writes times that are now, and durations without zero", () => {
    expect(Math.abs(Date.parse(timestamp()) - Date.now())).toBeLessThan(1000);
    expect(timestamp()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,8}[1-9])?Z$/u);
    expect([nanoseconds(1.5), nanoseconds(0)]).toEqual([1_500_000, undefined]);
  });
});
