import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readOrMakeSecret, sha256Hex } from "../keys.ts";
import { Problem } from "../up/problem.ts";
import { type AccessEntry, encodeAccessList, OWNER_NAME, ownerEntry } from "./entries.ts";

const OWN_KEY = `"${OWNER_NAME}" is this computer's own key.`;

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
  if (name === OWNER_NAME) throw new Problem(OWN_KEY, "Choose another name.");
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
 * @throws Problem when there is none, or when it is this computer's own
 */
export function withoutEntry(
  entries: readonly AccessEntry[],
  name: string,
): readonly AccessEntry[] {
  if (name === OWNER_NAME) {
    throw new Problem(
      OWN_KEY,
      "To renew it: npm run latchkey -- stop, delete .latchkey/access-key, then npm run up.",
    );
  }
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

/**
 * The whole of ACCESS_KEYS: this computer's own key and then the named ones. The own one is made here where `up` has
 * not made it yet: a list without it, set at Vercel, would lock its owner out.
 *
 * @throws Error when the file of the own key holds something weak or malformed
 */
export async function accessKeysVariable(
  home: string,
  entries: readonly AccessEntry[],
): Promise<string> {
  const own = ownerEntry(sha256Hex(await readOrMakeSecret(home, "access-key")));
  return encodeAccessList([own, ...entries]);
}
