/** What somebody has to do while a door runs: end old keys when their time is over, put full logs aside. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Problem } from "../up/problem.ts";
import { keysText, putTexts, readText, tryTexts } from "./door-files.ts";
import { type DoorNote, readDoorNote } from "./door-note.ts";
import {
  breakDeadDoorLock,
  keyLists,
  readDoorKeys,
  withDoorLock,
  writeDoorKeys,
} from "./key-store.ts";
import type { DoorProgram, Environment } from "./program.ts";
import { rotateLogs } from "./rotate-logs.ts";

const LOOK_EVERY_MS = 1_000;
/** After something went wrong, which most often goes wrong again. */
const LOOK_AGAIN_MS = 15_000;
/** Whoever holds the lock for longer may have been killed. */
const LOCK_PATIENCE_MS = 5_000;

export interface Keeping {
  readonly home: string;
  readonly program: DoorProgram;
  readonly env: Environment;
  readonly say: (line: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** The note of this very process: no system has to be asked whether it runs. */
function ownNote(home: string): DoorNote | undefined {
  const note = readDoorNote(home);
  return note?.pid === process.pid ? note : undefined;
}

/** The keys' file as it should be now; undefined where it is so, or where no door runs. */
async function staleKeys({ home, program }: Keeping): Promise<string | undefined> {
  const spec = ownNote(home)?.spec;
  if (spec === undefined) return undefined;
  const text = keysText({ spec, keys: keyLists(await readDoorKeys(home)) }, program);
  return (await readText(join(home, program.files.keys))) === text ? undefined : text;
}

/** Writes the keys that are good now and lets the running door take them; the rest stays as it is. */
async function takeKeys(keeping: Keeping): Promise<void> {
  const { home, program, env, say } = keeping;
  const text = await staleKeys(keeping);
  if (text === undefined) return;
  const config = await readText(join(home, program.files.config));
  const keysFile = program.files.keys;
  const before = await readText(join(home, keysFile));
  const texts = new Map([[keysFile, text]]);
  const all = config === undefined ? texts : new Map([...texts, [program.files.config, config]]);
  await tryTexts(home, all, { program, env });
  await putTexts(home, texts);
  try {
    await program.reload(home, env);
  } catch (error) {
    // As it was, so that the next look finds that there is still something to do.
    if (before !== undefined) await putTexts(home, new Map([[keysFile, before]]));
    throw error;
  }
  await writeDoorKeys(home, await readDoorKeys(home));
  say("The door's keys have changed: what was over is refused now.");
}

async function look(keeping: Keeping): Promise<void> {
  const { home, program, env } = keeping;
  if ((await staleKeys(keeping)) !== undefined) {
    const take = () => withDoorLock(home, () => takeKeys(keeping), LOCK_PATIENCE_MS);
    try {
      await take();
    } catch (error) {
      // Old keys have to end, and the lock of a command that was killed would keep them good.
      if (!(error instanceof Problem) || !(await breakDeadDoorLock(home))) throw error;
      await take();
    }
  }
  const logs = ownNote(home)?.spec.logs;
  if (logs !== undefined) await rotateLogs(home, program, { logs, env });
}

/**
 * Looks after a running door until the signal ends it. What goes wrong is said and tried again.
 * Resolves at the end; never rejects.
 */
export async function keepDoor(keeping: Keeping): Promise<void> {
  const { signal, say } = keeping;
  let said = "";
  while (!signal.aborted) {
    let wait = LOOK_EVERY_MS;
    try {
      await look(keeping);
      said = "";
    } catch (error) {
      wait = LOOK_AGAIN_MS;
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== said) say(`Looking after the door: ${reason}`);
      said = reason;
    }
    await delay(wait, undefined, { signal }).catch(() => undefined);
  }
}
