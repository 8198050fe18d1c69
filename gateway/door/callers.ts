/** What may become of who may pass; pure. */
import { Problem } from "../up/problem.ts";
import type { Callers } from "./change-door.ts";
import { currentKey, type DoorKey } from "./key-store.ts";

const LIST = "See which there are: npm run latchkey -- keys list";

function unknown(name: string): Problem {
  return new Problem(`There is no caller named "${name}".`, LIST);
}

/**
 * One more caller.
 *
 * @throws Problem when the name is in use
 */
export function withCaller(
  { names, keys }: Callers,
  { name, key, now }: { readonly name: string; readonly key: string; readonly now: Date },
): Callers {
  if (names.includes(name) && currentKey(keys, name) !== undefined) {
    throw new Problem(
      `There is a caller named "${name}" already.`,
      `Choose another name, or renew its key: npm run latchkey -- keys rotate ${name}`,
    );
  }
  return {
    names: names.includes(name) ? names : [...names, name],
    keys: new Map([...keys, [name, [{ key, since: now.toISOString() }]]]),
  };
}

/** An old key ends after the grace, or when it would have ended anyway. */
function ended(old: DoorKey, end: string): DoorKey {
  return { ...old, until: old.until !== undefined && old.until < end ? old.until : end };
}

/**
 * A new key for a caller; the old ones are good for a while.
 *
 * @throws Problem when there is no such caller
 */
export function withNewKey(
  { names, keys }: Callers,
  change: {
    readonly name: string;
    readonly key: string;
    readonly now: Date;
    /** Milliseconds. */
    readonly graceMs: number;
  },
): Callers {
  const { name, key, now, graceMs } = change;
  if (!names.includes(name)) throw unknown(name);
  const end = new Date(now.getTime() + graceMs).toISOString();
  const old = graceMs === 0 ? [] : (keys.get(name) ?? []).map((one) => ended(one, end));
  return { names, keys: new Map([...keys, [name, [...old, { key, since: now.toISOString() }]]]) };
}

/**
 * One caller less, with all its keys.
 *
 * @throws Problem when there is none of that name, or no other would be left
 */
export function withoutCaller({ names, keys }: Callers, name: string): Callers {
  if (!names.includes(name)) throw unknown(name);
  if (names.length === 1) {
    throw new Problem(
      `"${name}" is the only caller: without it nobody could pass.`,
      `Add another first, or renew its key: npm run latchkey -- keys rotate ${name}`,
    );
  }
  return {
    names: names.filter((one) => one !== name),
    keys: new Map([...keys].filter(([one]) => one !== name)),
  };
}
