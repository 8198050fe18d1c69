import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hashSources } from "../../../gateway/up/source-hash.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "latchkey-sources-"));
  await mkdir(join(root, "app/deep"), { recursive: true });
  await writeFile(join(root, "app/deep/page.tsx"), "page");
  await writeFile(join(root, "proxy.ts"), "proxy");
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

it("stays the same while nothing that is built changes", async () => {
  const before = await hashSources(root);
  await writeFile(join(root, "README.md"), "words");
  await mkdir(join(root, "gateway"));
  await writeFile(join(root, "gateway/cli.ts"), "code");
  expect(await hashSources(root)).toBe(before);
});

it.each([
  ["a file deep inside", () => writeFile(join(root, "app/deep/page.tsx"), "pages")],
  ["a file at the top", () => writeFile(join(root, "proxy.ts"), "")],
  ["a new file", () => writeFile(join(root, "tsconfig.json"), "{}")],
  ["a file's name", () => rename(join(root, "app/deep/page.tsx"), join(root, "app/deep/route.ts"))],
  ["a file that goes", () => rm(join(root, "app/deep/page.tsx"))],
])("changes with %s", async (_, change) => {
  const before = await hashSources(root);
  await change();
  expect(await hashSources(root)).not.toBe(before);
});
