import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";

/** In one step, for its owner only: a reader sees the old file or the new one, never half of it. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(draft, text, { flag: "wx", mode: 0o600, flush: true });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
