import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** What a production build is made of. */
const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "instrumentation.ts",
  "instrumentation-client.ts",
  "next.config.ts",
  "proxy.ts",
  "package-lock.json",
  "tsconfig.json",
] as const;

async function filesIn(path: string): Promise<readonly string[]> {
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined) return [];
  if (!kind.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** A hash that changes when the app would be built differently: its files, their names, this Node. */
export async function hashSources(root: string): Promise<string> {
  const hash = createHash("sha256").update(process.versions.node);
  for (const source of SOURCES) {
    const files = await filesIn(join(root, source));
    for (const file of files.toSorted()) {
      hash.update(`\0${file.slice(root.length)}\0`).update(await readFile(file));
    }
  }
  return hash.digest("hex");
}
