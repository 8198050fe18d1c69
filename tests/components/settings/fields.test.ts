import { describe, expect, it } from "vitest";
import { fieldFor, NUMBER_FIELDS, STOP } from "../../../components/settings/fields.ts";
import { readOptions } from "../../../lib/wire/options.ts";

const FAR = 4_000_000_000;
const fields = Object.entries(NUMBER_FIELDS);

/** What the app makes of one option. */
function taken(name: string, value: unknown): unknown {
  return Object.entries(readOptions({ [name]: value })).find(([each]) => each === name)?.[1];
}

function takesHalves(name: string): boolean {
  try {
    return taken(name, 0.5) === 0.5;
  } catch {
    return false;
  }
}

describe("the bounds of a setting are those that the app holds a request to", () => {
  it.each(fields)("%s", (name, { low, high, whole }) => {
    expect([taken(name, low), taken(name, high)]).toEqual([low, high]);
    expect(taken(name, FAR)).toBe(high);
    // For Ollama a negative number of tokens is "without end"; below one there is none.
    expect(taken(name, name === "num_predict" ? 0 : -FAR)).toBe(low);
    expect(takesHalves(name)).toBe(!whole);
  });

  it("of stops", () => {
    const longest = "x".repeat(STOP.longest);
    const most = Array.from({ length: STOP.most }, () => longest);
    expect(taken("stop", most)).toEqual(most);
    expect(() => readOptions({ stop: [...most, "y"] })).toThrow("stop");
    expect(() => readOptions({ stop: [`${longest}x`] })).toThrow("stop");
  });
});

it.each([
  [undefined, 131_072],
  [40_960, 40_960],
  [1_048_576, 131_072],
  [128, 256],
])("a model of %s tokens may be given %d", (contextLength, high) => {
  expect(fieldFor("num_ctx", contextLength).high).toBe(high);
  expect(fieldFor("temperature", contextLength)).toBe(NUMBER_FIELDS.temperature);
});
