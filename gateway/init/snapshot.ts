/** What a state folder held before something was tried, so that it can be as it was. */
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CADDY_FILES } from "../render/caddy.ts";
import { NGINX_FILES } from "../render/nginx.ts";
import { hasErrorCode } from "../system-error.ts";

interface Kept {
  readonly bytes: Buffer;
  readonly mode: number;
}

export interface Snapshot {
  /** To be called when all is written: whoever changes a key from then on has done so meanwhile. */
  readonly noteWritten: () => Promise<void>;
  /**
   * Puts the door's files back, and takes away those that were not there. Keys that somebody has changed meanwhile stay
   * as they are now: one that was taken away must not come back.
   */
  readonly restore: () => Promise<void>;
}

/**
 * What is written on the way to a door, and nothing else: others may write into the folder meanwhile. Logs only grow,
 * and notes of who runs are kept true by those themselves.
 */
const OURS = new Set([
  "latchkey.json",
  "door-keys.json",
  "door-key",
  "access-key",
  "session-secret",
  CADDY_FILES.config,
  CADDY_FILES.keys,
  NGINX_FILES.config,
  NGINX_FILES.keys,
  // Caddy's own state.
  "caddy",
]);

/** What `keys` changes while a door is proved. */
const KEY_STORE = ["door-keys.json", "door-key"] as const;

/** What the files of the key store hold; undefined where one is not there. */
async function readKeyStore(folder: string): Promise<readonly (Buffer | undefined)[]> {
  const read = (name: string): Promise<Buffer | undefined> =>
    readFile(join(folder, name)).catch((): undefined => undefined);
  return Promise.all(KEY_STORE.map(read));
}

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
    if (!status.isFile() || !OURS.has(name)) continue;
    kept.set(name, { bytes: await readFile(path), mode: status.mode & 0o777 });
  }
  return kept;
}

/** In one step, so that whoever reads meanwhile finds a whole file. */
async function putBack(path: string, { bytes, mode }: Kept): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, bytes, { flag: "wx", mode: 0o600, flush: true });
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
  let written: readonly (Buffer | undefined)[] | undefined;
  const isChangedSince = async (): Promise<boolean> => {
    if (written === undefined) return false;
    const now = await readKeyStore(folder);
    return written.some((bytes, index) => !isDeepStrictEqual(bytes, now[index]));
  };
  return {
    noteWritten: async () => {
      written = await readKeyStore(folder);
    },
    restore: async () => {
      if (before === undefined) {
        await rm(folder, { recursive: true, force: true });
        return;
      }
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const stays = new Set<string>((await isChangedSince()) ? KEY_STORE : []);
      const known = new Set(before);
      for (const name of (await entriesOf(folder)) ?? []) {
        if (!OURS.has(name) || known.has(name) || stays.has(name)) continue;
        await rm(join(folder, name), { recursive: true, force: true });
      }
      for (const [name, file] of kept) {
        if (stays.has(name)) continue;
        const path = join(folder, name);
        const now = await readFile(path).catch((): undefined => undefined);
        if (now === undefined || !now.equals(file.bytes)) await putBack(path, file);
      }
    },
  };
}
