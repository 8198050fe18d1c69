/** What a configuration of nginx includes stays outside of its copy: it would listen, log and proxy for real. */
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { includedPath, readNginx } from "./adapt-nginx.ts";

/** Opens, asks, or writes something, or includes more. */
const TELLING = /^(?:listen|server|upstream|include|pid|lock_file)$|_(?:pass|log|path|module)$/;
const LONGEST_BYTES = 1_000_000;

/** A list of keys or of types, say: it does nothing by itself. */
async function isHarmless(path: string): Promise<boolean> {
  // A pattern may stand for files that come later.
  if (/[*?[]/.test(path)) return false;
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > LONGEST_BYTES) return false;
    const lines = readNginx(await readFile(path, "utf8"));
    return !lines.some(({ words: [name = ""] }) => TELLING.test(name));
  } catch {
    return false;
  }
}

/**
 * Looks at everything it includes.
 *
 * @throws Error where that would be run as it is
 */
export async function refuseIncludes(text: string, file: string): Promise<void> {
  for (const { words } of readNginx(text)) {
    const [name, value = ""] = words;
    if (name === "include" && !(await isHarmless(includedPath(value, dirname(file)))))
      throw new Error("it includes other files, which would be run as they are");
  }
}
