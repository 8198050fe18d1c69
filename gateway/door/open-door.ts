/** What `up` and the detached door have in common: from the description to a door that is watched. */
import { join } from "node:path";
import { localUrl } from "../init/words.ts";
import { readOrMakeSecret } from "../keys.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import type { Household } from "../up/household.ts";
import { superviseService, type Watching } from "../up/supervisor.ts";
import { doorTexts, makeLogFiles, putTexts, specText, tryTexts } from "./door-files.ts";
import { writeDoorNote } from "./door-note.ts";
import { doorService } from "./door-service.ts";
import { keepDoor } from "./keeper.ts";
import { APP, keyLists, readDoorKeys, withDoorLock, writeDoorKeys } from "./key-store.ts";
import type { DoorProgram, Environment } from "./program.ts";

export interface Opening {
  readonly home: string;
  readonly spec: GatewaySpec;
  /** Whether the description is written to latchkey.json too. */
  readonly isDescribed: boolean;
  readonly program: DoorProgram;
  readonly env: Environment;
  readonly household: Household;
  readonly watching: Watching;
  /** What names its port, for the sentence. */
  readonly portOption: string;
  /** Whether this process is there for the door alone. */
  readonly isDetached: boolean;
}

/** Writes the door's files, tried by its server. The app's key is made where there is none yet. */
function writeFiles({ home, spec, isDescribed, program, env }: Opening): Promise<void> {
  return withDoorLock(home, async () => {
    if (spec.callers.some(({ name }) => name === APP)) await readOrMakeSecret(home, "door-key");
    const keys = await readDoorKeys(home);
    const texts = doorTexts({ spec, keys: keyLists(keys) }, program);
    await tryTexts(home, texts, { program, env });
    await writeDoorKeys(home, keys);
    if (isDescribed) await putTexts(home, new Map([["latchkey.json", specText(spec)]]));
    await putTexts(home, texts);
    await makeLogFiles(home, program);
  });
}

/**
 * Opens a door and watches it until the household is closed: it is started again when it dies, its
 * old keys end when their time is over, its logs are put aside.
 *
 * @returns its address on this computer
 * @throws Error or Problem when its server refuses the files or does not become ready
 */
export async function openDoor(opening: Opening): Promise<string> {
  const { home, spec, program, env, household, watching, portOption } = opening;
  await writeFiles(opening);
  const service = doorService(home, { spec, program, env, portOption });
  await superviseService(household, service, watching);
  const address = localUrl(spec);
  writeDoorNote(home, {
    pid: process.pid,
    isDetached: opening.isDetached,
    address,
    server: program.kind,
    program: program.path,
    started: new Date().toISOString(),
    spec,
  });
  void keepDoor({ home, program, env, say: watching.say, signal: household.closing });
  return address;
}

/** Where the words of the watching process go. */
export const watcherLog = (home: string): string => join(home, "watcher.log");
