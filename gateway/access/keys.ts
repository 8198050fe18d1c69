import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readOrMakeSecret, sha256Hex } from "../keys.ts";
import { Problem } from "../up/problem.ts";
import { type AccessEntry, encodeAccessList, OWNER_NAME, ownerEntry } from "./entries.ts";

/** A new access key: 32 random bytes in hex. */
export const makeKey = (): string => randomBytes(32).toString("hex");

/**
 * The list with one more.
 *
 * @throws Problem when the name is in use
 */
export function withEntry(
  entries: readonly AccessEntry[],
  entry: AccessEntry,
): readonly AccessEntry[] {
  const { name } = entry;
  if (name === OWNER_NAME) {
    throw new Problem(
      `"${name}" is the key that up makes for this computer.`,
      "Choose another name.",
    );
  }
  if (entries.some((one) => one.name === name)) {
    throw new Problem(
      `There is a key named "${name}" already.`,
      `Choose another name, or drop it first: npm run latchkey -- access remove ${name}`,
    );
  }
  return [...entries, entry];
}

/**
 * The list without the key of that name.
 *
 * @throws Problem when there is none
 */
export function withoutEntry(
  entries: readonly AccessEntry[],
  name: string,
): readonly AccessEntry[] {
  const kept = entries.filter((one) => one.name !== name);
  if (kept.length < entries.length) return kept;
  throw new Problem(
    `There is no key named "${name}".`,
    "See which there are: npm run latchkey -- access list",
  );
}

/**
 * This computer's own access key, if `up` has made one.
 *
 * @throws Error when the file holds something weak or malformed
 */
export async function readLocalKey(home: string): Promise<string | undefined> {
  const name = "access-key";
  return existsSync(join(home, name)) ? readOrMakeSecret(home, name) : undefined;
}

/** The whole of ACCESS_KEYS: this computer's own key, if there is one, and then the named ones. */
export async function accessKeysVariable(
  home: string,
  entries: readonly AccessEntry[],
): Promise<string> {
  const local = await readLocalKey(home);
  const own = local === undefined ? [] : [ownerEntry(sha256Hex(local))];
  return encodeAccessList([...own, ...entries]);
}
