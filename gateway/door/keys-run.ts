/** `keys add`, `list`, `rotate` and `revoke`. */
import { fitted } from "../terminal.ts";
import { isRecord, readStateFile } from "../up/state-file.ts";
import { stateFolder } from "../up/places.ts";
import { join } from "node:path";
import { withCaller, withNewKey, withoutCaller } from "./callers.ts";
import { type Callers, changeDoor, type Changed, readCallers } from "./change-door.ts";
import { findRunningDoor } from "./door-note.ts";
import { makeDoorKey } from "./key-store.ts";
import {
  appText,
  describeCallers,
  forceText,
  keyText,
  minuteOf,
  tellCallers,
  withoutAppText,
} from "./keys-words.ts";
import { notesOn } from "./program.ts";

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

/** What is dangerous, or not held, is said each time. */
function sayNotes({ spec, program }: Changed): void {
  for (const note of notesOn(spec, program)) console.error(note);
}

/** The app that `up` runs here holds its key since it started. */
function isUp(home: string): boolean {
  return findRunningDoor(home) !== undefined && isRecord(readStateFile(join(home, "running.json")));
}

/** Tries a change on paper: what it would refuse, it refuses. */
async function rehearse(home: string, change: (before: Callers) => Callers): Promise<void> {
  change(await readCallers(home));
}

/**
 * Lets one more pass and shows its key, this once.
 *
 * @returns the exit code
 * @throws Problem when the name is in use, Error when the door's server refuses the change
 */
export async function add(name: string, manner: CarefulManner): Promise<number> {
  const home = stateFolder();
  const wish = { name, key: makeDoorKey(), now: new Date() };
  const change = (before: Callers): Callers => withCaller(before, wish);
  if (manner.isDryRun) {
    await rehearse(home, change);
    return say(manner, { name, dryRun: true }, [
      `"${name}" would be added to the door's callers, with a key of its own.`,
    ]);
  }
  const changed = await changeDoor(home, process.env, change);
  sayNotes(changed);
  return say(manner, { name, key: wish.key, isRunning: changed.force === "taken" }, [
    ...keyText(name, wish.key),
    "It goes in the header X-API-Key.",
    forceText(changed),
  ]);
}

/**
 * Tells who may pass, without a key; makes none.
 *
 * @returns the exit code
 */
export async function list(manner: Manner): Promise<number> {
  const told = tellCallers(await readCallers(stateFolder()));
  return say(manner, { callers: told }, describeCallers(told));
}

/**
 * Gives a caller a new key and shows it, this once; the old one is good for a while.
 *
 * @param graceMs how long, in milliseconds; 0: it is refused at once
 * @returns the exit code
 * @throws Problem when there is no such caller, Error when the door's server refuses the change
 */
export async function rotate(
  { name, graceMs }: { readonly name: string; readonly graceMs: number },
  manner: CarefulManner,
): Promise<number> {
  const home = stateFolder();
  const now = new Date();
  const wish = { name, key: makeDoorKey(), now, graceMs };
  const change = (before: Callers): Callers => withNewKey(before, wish);
  const until = graceMs === 0 ? null : new Date(now.getTime() + graceMs).toISOString();
  const end = until === null ? "from now on" : `from ${minuteOf(until)} UTC on`;
  if (manner.isDryRun) {
    await rehearse(home, change);
    return say(manner, { name, until, dryRun: true }, [
      `"${name}" would get a new key; the old one would be refused ${end}.`,
    ]);
  }
  const changed = await changeDoor(home, process.env, change);
  sayNotes(changed);
  return say(manner, { name, key: wish.key, until, isRunning: changed.force === "taken" }, [
    ...keyText(name, wish.key),
    ...(changed.force === "left" ? [] : [`The old one is refused ${end}.`]),
    forceText(changed),
    ...appText(name, isUp(home)),
  ]);
}

/**
 * Takes a caller and all its keys away, at once.
 *
 * @returns the exit code
 * @throws Problem when there is none of that name or it is the last, Error when the door's server
 *   refuses the change
 */
export async function revoke(name: string, manner: CarefulManner): Promise<number> {
  const home = stateFolder();
  const change = (before: Callers): Callers => withoutCaller(before, name);
  if (manner.isDryRun) {
    await rehearse(home, change);
    return say(manner, { name, dryRun: true }, [
      `"${name}" would be taken out, and its keys refused at once.`,
      ...withoutAppText(name),
    ]);
  }
  const changed = await changeDoor(home, process.env, change);
  sayNotes(changed);
  return say(manner, { name, isRunning: changed.force === "taken" }, [
    changed.force === "left"
      ? `"${name}" is taken out of the door's files.`
      : `"${name}" is taken out, and its keys are refused.`,
    forceText(changed),
    ...withoutAppText(name),
  ]);
}
