import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256Hex } from "../keys.ts";
import { hasErrorCode } from "../system-error.ts";
import { Problem } from "../up/problem.ts";
import { type AccessEntry, decodeAccessList, encodeAccessList } from "./entries.ts";
import { withLock } from "./lock.ts";

/** The file of the named access keys, hashes only. */
export const accessListFile = (home: string): string => join(home, "access-keys");

/**
 * The named access keys of this computer; none where there is no file.
 *
 * @throws Problem that tells which entry cannot be read, never what it holds
 */
export async function readAccessList(home: string): Promise<readonly AccessEntry[]> {
  const path = accessListFile(home);
  const list = decodeAccessList(await readText(path));
  if ("entries" in list) return list.entries;
  throw new Problem(
    `Entry ${list.badPlace} of ${path} is not name:role:sha256hex[:expiry].`,
    "Correct it, or take it out and make that key anew.",
  );
}

/** Changes when the file does; tells nothing of what it holds. */
export async function accessListPrint(home: string): Promise<string> {
  return sha256Hex((await readText(accessListFile(home))).trim());
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return "";
    throw error;
  }
}

/** Written beside its place and moved there: nobody ever reads half a list. */
async function writeAccessList(path: string, entries: readonly AccessEntry[]): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const text = `${encodeAccessList(entries)}\n`;
    await writeFile(draft, text, { flag: "wx", mode: 0o600, flush: true });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Changes the list while no other command does.
 *
 * @param change gives the new list, or throws, and then the old one stays
 * @param patienceMs how long to wait for another command's change
 * @returns the new list
 * @throws Problem when the list cannot be read or another command does not finish
 */
export async function changeAccessList(
  home: string,
  change: (entries: readonly AccessEntry[]) => readonly AccessEntry[],
  patienceMs = 10_000,
): Promise<readonly AccessEntry[]> {
  const path = accessListFile(home);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return withLock(`${path}.lock`, patienceMs, async () => {
    const entries = change(await readAccessList(home));
    await writeAccessList(path, entries);
    return entries;
  });
}
