import { sha256Hex } from "../keys.ts";
import { fitted } from "../terminal.ts";
import { findRunning } from "../up/ledger.ts";
import { stateFolder } from "../up/places.ts";
import { type AccessEntry, encodeAccessList, ownerEntry } from "./entries.ts";
import { accessKeysVariable, makeKey, readLocalKey, withEntry, withoutEntry } from "./keys.ts";
import { accessListFile, changeAccessList, readAccessList } from "./list-file.ts";
import { describeKeys, expiryDate, homeText, NO_OWN_KEY, variableText } from "./words.ts";

interface Manner {
  readonly isJson: boolean;
}
interface CarefulManner extends Manner {
  readonly isDryRun: boolean;
}

/** Says it as JSON or in words; these are the only lines on standard output. */
function say({ isJson }: Manner, result: unknown, words: readonly string[]): number {
  console.log(isJson ? JSON.stringify(result) : fitted(words));
  return 0;
}

/** As JSON tells it: the expiry in ISO 8601, or null. */
const publicFields = ({ name, role, expiresAt }: Omit<AccessEntry, "hash">) => ({
  name,
  role,
  expiresAt: expiresAt === undefined ? null : new Date(expiresAt * 1000).toISOString(),
});

/** The new list, and what to do with it. */
const changedText = (home: string, accessKeys: string): readonly string[] => [
  ...variableText(accessKeys),
  ...homeText(findRunning(home) !== undefined),
];

/**
 * Makes a key and shows it, this once.
 *
 * @returns the exit code
 * @throws Problem when the name is in use or the list cannot be read
 */
export async function add(wish: Omit<AccessEntry, "hash">, manner: CarefulManner): Promise<number> {
  const home = stateFolder();
  const fields = publicFields(wish);
  const who = `"${wish.name}" (${wish.role}, ends: ${expiryDate(wish)})`;
  withEntry(await readAccessList(home), { ...wish, hash: "" });
  if (manner.isDryRun) {
    const line = `A key for ${who} would be added to ${accessListFile(home)}.`;
    return say(manner, { ...fields, dryRun: true }, [line]);
  }
  const key = makeKey();
  const entry = { ...wish, hash: sha256Hex(key) };
  // Asked before anything is written: a key that could not be shown would be of no use to anybody.
  await accessKeysVariable(home, []);
  const entries = await changeAccessList(home, (before) => withEntry(before, entry));
  const accessKeys = await accessKeysVariable(home, entries);
  return say(manner, { ...fields, key, accessKeys }, [
    `The key of ${who}, shown this once:`,
    "",
    `  ${key}`,
    "",
    ...changedText(home, accessKeys),
  ]);
}

/**
 * Tells who has a key, and the variable that says so at Vercel. Makes nothing: on a computer that only connects to
 * another's app, a key of its own would be taken for the one that opens it.
 *
 * @returns the exit code
 * @throws Problem when the list cannot be read
 */
export async function list(manner: Manner): Promise<number> {
  const home = stateFolder();
  const named = await readAccessList(home);
  const key = await readLocalKey(home);
  const own = key === undefined ? undefined : ownerEntry(sha256Hex(key));
  const keys = [...(own === undefined ? [] : [own]), ...named].map(publicFields);
  const table = keys.length === 0 ? [] : [...describeKeys(own, named, Date.now() / 1000), ""];
  if (own === undefined) return say(manner, { keys, accessKeys: null }, [...table, NO_OWN_KEY]);
  const accessKeys = encodeAccessList([own, ...named]);
  return say(manner, { keys, accessKeys }, [...table, ...variableText(accessKeys)]);
}

/**
 * Drops a key.
 *
 * @returns the exit code
 * @throws Problem when there is none of that name or the list cannot be read
 */
export async function remove(name: string, manner: CarefulManner): Promise<number> {
  const home = stateFolder();
  const drop = (before: readonly AccessEntry[]) => withoutEntry(before, name);
  if (manner.isDryRun) {
    drop(await readAccessList(home));
    const line = `The key of "${name}" would be taken out of ${accessListFile(home)}.`;
    return say(manner, { name, dryRun: true }, [line]);
  }
  const accessKeys = await accessKeysVariable(home, await changeAccessList(home, drop));
  return say(manner, { name, accessKeys }, [
    `The key of "${name}" is taken off the list. It opens the app until the list is set anew.`,
    "",
    ...changedText(home, accessKeys),
  ]);
}
