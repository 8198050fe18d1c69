/**
 * The keys of the door's callers, old ones included that are still good for a while. The current key
 * of `app` lies in `door-key` as well, and what stands there is right: whoever replaces that file by
 * hand, or deletes it before a start, which makes another, has changed the key.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { breakDeadLock, withLock } from "../access/lock.ts";
import { makePrivate, readOrMakeSecret } from "../keys.ts";
import { hasErrorCode } from "../system-error.ts";
import { Problem } from "../up/problem.ts";
import { replaceFile } from "./replace-file.ts";

/** The caller that the app is. */
export const APP = "app";

const keySchema = z.strictObject({
  key: z.string(),
  /** From when on it is good, in ISO 8601. */
  since: z.iso.datetime(),
  /** When it ends; the current key of a caller has no end. */
  until: z.iso.datetime().optional(),
});
const storeSchema = z.strictObject({ callers: z.record(z.string(), z.array(keySchema)) });

export type DoorKey = Readonly<z.infer<typeof keySchema>>;

/** By the caller's name, each caller's keys from the oldest on. */
export type DoorKeys = ReadonlyMap<string, readonly DoorKey[]>;

/** The file of the keys. */
export const storeFile = (home: string): string => join(home, "door-keys.json");

const lockFile = (home: string): string => `${storeFile(home)}.lock`;

const appKeyFile = (home: string): string => join(home, "door-key");

/** A new key of the door: 32 random bytes in hex, which every server tells apart. */
export const makeDoorKey = (): string => randomBytes(32).toString("hex");

/** The key of a caller that does not end. */
export const currentKey = (keys: DoorKeys, name: string): DoorKey | undefined =>
  keys.get(name)?.findLast(({ until }) => until === undefined);

/** The keys without those whose time is over; a caller without any is left out. */
function stillGood(keys: DoorKeys, now: Date): DoorKeys {
  const isGood = ({ until }: DoorKey): boolean => until === undefined || new Date(until) > now;
  const kept = [...keys].map(([name, list]) => [name, list.filter(isGood)] as const);
  return new Map(kept.filter(([, list]) => list.length > 0));
}

async function readStored(home: string): Promise<DoorKeys> {
  const path = storeFile(home);
  try {
    await makePrivate(path, 0o600);
    const { callers } = storeSchema.parse(JSON.parse(await readFile(path, "utf8")));
    return new Map(Object.entries(callers));
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return new Map();
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    // What it holds is not told: there are keys in it.
    throw new Problem(
      `${path} does not hold keys as Latchkey writes them.`,
      "Move it away; then give each caller a new key: npm run latchkey -- keys rotate NAME",
    );
  }
}

/** The keys with another current one for `app`, which ends the old ones at once. */
function withAppKey(keys: DoorKeys, key: string, since: Date): DoorKeys {
  if (currentKey(keys, APP)?.key === key) return keys;
  return new Map([...keys, [APP, [{ key, since: since.toISOString() }]]]);
}

/**
 * The keys that are good now; none where none was made yet. Changes nothing.
 *
 * @throws Problem or Error naming the file that cannot be used, never what it holds
 */
export async function readDoorKeys(home: string, now = new Date()): Promise<DoorKeys> {
  const good = stillGood(await readStored(home), now);
  if (!existsSync(appKeyFile(home))) return good;
  const key = await readOrMakeSecret(home, "door-key");
  return withAppKey(good, key, (await stat(appKeyFile(home))).mtime);
}

/**
 * Does the work while no other command changes the door.
 *
 * @param patienceMs how long to wait for another one
 * @throws Problem when another does not finish
 */
export async function withDoorLock<Result>(
  home: string,
  work: () => Promise<Result>,
  patienceMs = 20_000,
): Promise<Result> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  return withLock(lockFile(home), patienceMs, work);
}

/** For who watches the door: takes away the lock of a command that was killed. @returns whether there is none now */
export const breakDeadDoorLock = (home: string): Promise<boolean> => breakDeadLock(lockFile(home));

/**
 * Writes the keys, the app's current one into `door-key` too. To be called under the lock.
 *
 * @param keys those whose time is over are left out
 */
export async function writeDoorKeys(home: string, keys: DoorKeys, now = new Date()): Promise<void> {
  const callers = Object.fromEntries(stillGood(keys, now));
  await replaceFile(storeFile(home), `${JSON.stringify({ callers }, undefined, 2)}\n`);
  const app = currentKey(keys, APP)?.key;
  if (app === undefined) await rm(appKeyFile(home), { force: true });
  else if ((await readAppKey(home)) !== app) await replaceFile(appKeyFile(home), `${app}\n`);
}

async function readAppKey(home: string): Promise<string | undefined> {
  try {
    return (await readFile(appKeyFile(home), "utf8")).trim();
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** As the door's files take them. */
export function keyLists(keys: DoorKeys): ReadonlyMap<string, readonly string[]> {
  return new Map([...keys].map(([name, list]) => [name, list.map(({ key }) => key)]));
}
