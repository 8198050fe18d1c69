import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { goldenKinds } from "../helpers/golden-kinds.ts";

/** Each file: input, a line of dashes, expected output or `error: ` and its message. Its name is the behaviour. */
const GOLDEN = join(import.meta.dirname, "../golden");
const DASHES = "\n----------\n";

function run(convert: (input: string) => string, input: string): string {
  try {
    return convert(input);
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}\n`;
  }
}

describe.each(Object.entries(goldenKinds))("golden %s", (kind, convert) => {
  it.each(readdirSync(join(GOLDEN, kind)))("%s", (file) => {
    const [input = "", expected] = readFileSync(join(GOLDEN, kind, file), "utf8").split(DASHES);
    expect(run(convert, input)).toBe(expected);
  });
});
