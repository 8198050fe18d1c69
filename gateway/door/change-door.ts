/** Changes who may pass: the store, the description and the door's files together, or none of them. */
import { basename, join } from "node:path";
import { readSpecFile } from "../init/spec-file.ts";
import { localUrl } from "../init/words.ts";
import { type GatewaySpec, parseSpec } from "../spec/spec.ts";
import { isRecord, readStateFile } from "../up/state-file.ts";
import {
  doorTexts,
  type Files,
  keepTexts,
  keysText,
  makeLogFiles,
  putTexts,
  readText,
  removeDrafts,
  specText,
  tryTexts,
} from "./door-files.ts";
import { environmentOf, findRunningDoor, NOTE_FILE, writeDoorNote } from "./door-note.ts";
import {
  APP,
  currentKey,
  type DoorKeys,
  keyLists,
  readDoorKeys,
  storeFile,
  makeDoorKey,
  withDoorLock,
  writeDoorKeys,
} from "./key-store.ts";
import { isListening } from "./door-service.ts";
import {
  type DoorProgram,
  type Environment,
  findProgram,
  lookForProgram,
  rendererOf,
} from "./program.ts";

/** Who may pass: the names of the description, and their keys. */
export interface Callers {
  readonly names: readonly string[];
  readonly keys: DoorKeys;
}

/**
 * What became of a change: the running door has taken it; something else listens at its port, such as a door that a
 * person started by hand, and has not; or nothing runs.
 */
export type Force = "taken" | "left" | "none";

export interface Changed extends Callers {
  readonly force: Force;
  /** Undefined where that server is not on this computer: nothing was rendered then. */
  readonly program: DoorProgram | undefined;
  readonly spec: GatewaySpec;
}

const namesOf = (spec: GatewaySpec): readonly string[] => spec.callers.map(({ name }) => name);

/** Who may pass now. */
export async function readCallers(home: string): Promise<Callers> {
  const spec = (await readSpecFile(home)) ?? parseSpec({});
  return { names: namesOf(spec), keys: await readDoorKeys(home) };
}

/** The app's first key, where a description names the app and nobody has made one yet. */
function withFirstKey({ names, keys }: Callers): Callers {
  if (!names.includes(APP) || currentKey(keys, APP) !== undefined) return { names, keys };
  const first = { key: makeDoorKey(), since: new Date().toISOString() };
  return { names, keys: new Map([...keys, [APP, [first]]]) };
}

/** The description with the names that came added, and without those that went. */
function withNames(spec: GatewaySpec, before: readonly string[], after: readonly string[]) {
  const kept = namesOf(spec).filter((name) => after.includes(name) || !before.includes(name));
  const added = after.filter((name) => !before.includes(name) && !kept.includes(name));
  return parseSpec({ ...spec, callers: [...kept, ...added].map((name) => ({ name })) });
}

/** The file as a person wrote it, but for the callers; what is not said stays unsaid. */
function describedAnew(home: string, after: GatewaySpec): string {
  const written = readStateFile(join(home, "latchkey.json"));
  if (!isRecord(written)) return specText(after);
  return `${JSON.stringify({ ...written, callers: after.callers }, undefined, 2)}\n`;
}

/** What is to be written, and where the running door is told from. */
interface Plan extends Omit<Changed, "force"> {
  readonly env: Environment;
  readonly texts: Files;
  /** What is in force from now on. */
  readonly inForce: GatewaySpec;
}

async function planChange(
  home: string,
  env: Environment,
  change: (before: Callers) => Callers,
): Promise<Plan> {
  const spec = (await readSpecFile(home)) ?? parseSpec({});
  const before = { names: namesOf(spec), keys: await readDoorKeys(home) };
  const after = withFirstKey(change(before));
  const running = findRunningDoor(home);
  const inForce = withNames(running?.spec ?? spec, before.names, after.names);
  const itsEnv = running === undefined ? env : environmentOf(running, env);
  const program =
    running === undefined
      ? await lookForProgram(inForce.server, itsEnv)
      : await findProgram(inForce.server, itsEnv);
  const content = { spec: inForce, keys: keyLists(after.keys) };
  const texts: Files = program === undefined ? new Map() : doorTexts(content, program);
  if (program !== undefined) await tryTexts(home, texts, { program, env: itsEnv });
  return {
    ...after,
    program,
    spec: withNames(spec, before.names, after.names),
    env: itsEnv,
    texts,
    inForce,
  };
}

/**
 * The keys' file of the other server, where one was rendered too: a key that is taken away must not come back with the
 * next start of the door that reads it.
 */
async function putOtherKeys(home: string, { inForce, keys }: Plan): Promise<void> {
  const other = rendererOf(inForce.server === "caddy" ? "nginx" : "caddy");
  const name = other.files.keys;
  if ((await readText(join(home, name))) === undefined) return;
  const text = keysText({ spec: inForce, keys: keyLists(keys) }, other);
  await putTexts(home, new Map([[name, text]]));
}

/** A door that a person started by hand takes its files anew where it can be asked to. */
async function reloadByHand(home: string, { program, env, inForce }: Plan): Promise<Force> {
  if (!(await isListening(new URL(localUrl(inForce))))) return "none";
  try {
    await program?.reload(home, env);
    return program === undefined ? "left" : "taken";
  } catch {
    // It may be another program's port, or a door without an admin socket: it is said.
    return "left";
  }
}

async function putChange(home: string, plan: Plan): Promise<Force> {
  const { program, texts, keys, env, spec, inForce } = plan;
  await writeDoorKeys(home, keys);
  const description = describedAnew(home, spec);
  await putTexts(home, new Map([["latchkey.json", description], ...texts]));
  await putOtherKeys(home, plan);
  const running = findRunningDoor(home);
  if (program !== undefined) await makeLogFiles(home, program);
  if (running === undefined) return reloadByHand(home, plan);
  await program?.reload(home, env);
  writeDoorNote(home, { ...running, spec: inForce });
  return "taken";
}

/**
 * Changes who may pass, while no other command does: tried by the real server first, then written,
 * then taken by the running door without breaking a stream.
 *
 * @param change gives what is to be, or throws, and then everything stays
 * @throws Error with the server's reason when it or the running door refuses: everything is as before
 */
export function changeDoor(
  home: string,
  env: Environment,
  change: (before: Callers) => Callers,
): Promise<Changed> {
  return withDoorLock(home, async () => {
    await removeDrafts(home);
    const plan = await planChange(home, env, change);
    const names = [basename(storeFile(home)), "door-key", "latchkey.json", NOTE_FILE];
    const keysFiles = (["caddy", "nginx"] as const).map((kind) => rendererOf(kind).files.keys);
    const all = new Set([...names, ...plan.texts.keys(), ...keysFiles]);
    const putBack = await keepTexts(home, [...all]);
    try {
      return { ...plan, force: await putChange(home, plan) };
    } catch (error) {
      await putBack();
      throw error;
    }
  });
}
