import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { unusedNotes } from "../../../gateway/up/unused.ts";

it("names the .env files and the variables that up leaves alone, and no value", async () => {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "latchkey-unused-"));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  for (const name of [".env.local", ".env", ".env.example", ".envrc", "env"]) {
    await writeFile(join(folder, name), "MAX_ACTIVE=4\n");
  }
  const env = { OLLAMA_BASE_URL: "https://a.invalid", OLLAMA_CA: "", MAX_ACTIVE: "4" };
  expect(await unusedNotes(folder, env)).toStrictEqual([
    ".env is not read here. In front: NAME=value npm run up",
    ".env.local is not read here. In front: NAME=value npm run up",
    "OLLAMA_BASE_URL is set, but not used: up makes its own.",
  ]);
});

it("has nothing to say where nothing is left alone", async () => {
  expect(await unusedNotes(import.meta.dirname, { MAX_ACTIVE: "4" })).toStrictEqual([]);
});
