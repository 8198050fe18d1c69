/** The command: proves the door, looks at the machine, and tells. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../keys.ts";
import { readLocalKey } from "../access/keys.ts";
import { storeFile } from "../door/key-store.ts";
import { readSpecFile } from "../init/spec-file.ts";
import { columnsOf } from "../terminal.ts";
import type { Environment } from "../up/environment.ts";
import { stateFolder } from "../up/places.ts";
import { Problem } from "../up/problem.ts";
import type { Check } from "../verify/check.ts";
import { reportText } from "../verify/report.ts";
import { ALL_CHECKS, runAll } from "../verify/run.ts";
import { findWish } from "../verify/wish.ts";
import { diagnose, LOOKS } from "./diagnose.ts";
import { createMachine } from "./this-machine.ts";

export interface DoctorOptions {
  /** The app, whose answers tell the time; undefined: the clock is not compared. */
  readonly app: URL | undefined;
  readonly isFixing: boolean;
  readonly isJson: boolean;
}

/** What `verify` finds out by itself. */
const OWN_DOOR = {
  url: undefined,
  keyEnv: undefined,
  keyFile: undefined,
  log: undefined,
  config: undefined,
  isSlow: false,
} as const;

/** What may be a key in the files of the door's keys. They are only read: to see them as they are is the point. */
async function hashesOf(home: string): Promise<ReadonlySet<string>> {
  const files = [join(home, "door-key"), storeFile(home)];
  // What is not there, or may not be read, holds no key that could be compared.
  const texts = await Promise.all(files.map((path) => readFile(path, "utf8").catch(() => "")));
  const keys = texts.flatMap((text) => text.match(/[A-Za-z0-9_-]{32,128}/gu) ?? []);
  return new Set(keys.map(sha256Hex));
}

interface Proved {
  readonly url: string | null;
  readonly checks: readonly Check[];
}

/** `verify` of the door in the state folder; a door that is not there yet is no fault of the machine. */
async function prove(app: URL | undefined, home: string, env: Environment): Promise<Proved> {
  try {
    const hasKey = app !== undefined && (await readLocalKey(home)) !== undefined;
    const wish = await findWish({ ...OWN_DOOR, app: hasKey ? app : undefined }, home, env);
    return { url: wish.url.origin, checks: await runAll(wish, env) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const check = { name: "door", ok: null, seen: error.message, fix: "" };
    return { url: null, checks: [check] };
  }
}

const titles: ReadonlyMap<string, string> = new Map([
  ["door", "A door"],
  ...[...ALL_CHECKS, ...LOOKS].map(({ name, title }) => [name, title] as const),
]);

/**
 * Proves the door and looks at the machine.
 *
 * @returns the exit code: 1 when something is wrong
 */
export async function doctor({ app, isFixing, isJson }: DoctorOptions): Promise<number> {
  const { env, stdout } = process;
  const home = stateFolder();
  const spec = await readSpecFile(home);
  const keyHashes = await hashesOf(home);
  const machine = createMachine({ home, env, spec, keyHashes, timeUrl: app });
  // Before the proof, which closes the file of the key by reading it.
  const { checks: found, fixed } = await diagnose(machine, { isFixing });
  const { url, checks: proof } = await prove(app, home, env);
  const checks = [...found, ...proof];
  if (isJson) console.log(JSON.stringify({ url, checks, fixed }));
  else {
    const isStyled = stdout.isTTY && (env["NO_COLOR"] ?? "") === "";
    const width = columnsOf(stdout);
    for (const name of fixed) console.log(`Put right: ${titles.get(name) ?? name}.`);
    console.log(reportText(url ?? "(none yet)", checks, { width, isStyled, titles }));
  }
  return checks.some(({ ok }) => ok === false) ? 1 : 0;
}
