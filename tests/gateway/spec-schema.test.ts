import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { specJsonSchema } from "../../gateway/spec/spec.ts";

const FILE = join(import.meta.dirname, "../../docs/latchkey.schema.json");

it("the published schema of latchkey.json is the one that is checked", () => {
  const schema: unknown = JSON.parse(JSON.stringify(specJsonSchema()));
  if (process.env["UPDATE_SCHEMA"] === "1")
    writeFileSync(FILE, `${JSON.stringify(schema, undefined, 2)}\n`);
  expect(
    JSON.parse(readFileSync(FILE, "utf8")),
    "The description has changed: write docs/latchkey.schema.json anew by UPDATE_SCHEMA=1 npx vitest run --project=unit tests/gateway/spec-schema.test.ts",
  ).toEqual(schema);
});
