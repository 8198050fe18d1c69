/** What a state folder held before something was tried, so that it can be as it was. */
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasErrorCode } from "../system-error.ts";

interface Kept {
  readonly bytes: Buffer;
  readonly mode: number;
}

export interface Snapshot {
  /** Puts every file back, and takes away what was not there. */
  readonly restore: () => Promise<void>;
}

/** Notes of who runs, which each of them keeps true itself. */
const NOTES = new Set(["processes.json", "running.json", "door.json"]);

/** Logs only grow, and what is in them stays true. */
const isLeft = (name: string): boolean => name.includes(".log") || NOTES.has(name);

async function entriesOf(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function readKept(folder: string): Promise<ReadonlyMap<string, Kept>> {
  const kept = new Map<string, Kept>();
  for (const name of (await entriesOf(folder)) ?? []) {
    const path = join(folder, name);
    const status = await lstat(path);
    if (!status.isFile() || isLeft(name)) continue;
    kept.set(name, { bytes: await readFile(path), mode: status.mode & 0o777 });
  }
  return kept;
}

/** In one step, so that whoever reads meanwhile finds a whole file. */
async function putBack(path: string, { bytes, mode }: Kept): Promise<void> {
  const draft = `${path}.before`;
  await writeFile(draft, bytes, { mode, flush: true });
  await chmod(draft, mode);
  await rename(draft, path);
}

/**
 * Remembers the files of a folder, which may not be there yet; of its folders only their names.
 *
 * @param folder secrets in it are kept in memory alone
 */
export async function takeSnapshot(folder: string): Promise<Snapshot> {
  const before = await entriesOf(folder);
  const kept = await readKept(folder);
  return {
    restore: async () => {
      if (before === undefined) {
        await rm(folder, { recursive: true, force: true });
        return;
      }
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const known = new Set(before);
      for (const name of (await entriesOf(folder)) ?? []) {
        if (!known.has(name)) await rm(join(folder, name), { recursive: true, force: true });
      }
      for (const [name, file] of kept) {
        const path = join(folder, name);
        const now = await readFile(path).catch((): undefined => undefined);
        if (now === undefined || !now.equals(file.bytes)) await putBack(path, file);
      }
    },
  };
}
