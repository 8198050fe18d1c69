/** What is to be looked at: what a person says, and what the state folder knows. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readLocalKey } from "../access/keys.ts";
import { UsageError } from "../commands/command.ts";
import { doorTexts, readText } from "../door/door-files.ts";
import { keyLists, readDoorKeys } from "../door/key-store.ts";
import { lookForProgram, rendererOf } from "../door/program.ts";
import { localUrl, publicUrl } from "../init/words.ts";
import { readOrMakeSecret } from "../keys.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { Problem } from "../up/problem.ts";
import { authorityOf, configIn, findOwnDoor, logsIn, type OwnDoor, urlOf } from "./state.ts";
import type { AppWish, LogPlaces, Wish } from "./subject.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface VerifyOptions {
  /** undefined: the door of the state folder. */
  readonly url: URL | undefined;
  readonly keyEnv: string | undefined;
  readonly keyFile: string | undefined;
  readonly log: string | undefined;
  readonly app: URL | undefined;
  readonly config: string | undefined;
  readonly isSlow: boolean;
}

/** Longer than the minute many proxies allow. */
const SILENCE_MS = 65_000;
/** What stands in a header: visible ASCII. */
const KEY = /^[\x21-\x7e]{1,512}$/;

/** npm runs scripts in the clone; a person means the folder where they typed it. */
const fromPerson = (path: string): string => resolve(process.env["INIT_CWD"] ?? "", path);

function existing(option: string, path: string): string {
  const full = fromPerson(path);
  if (existsSync(full)) return full;
  throw new Problem(`The file that --${option} names is not there.`, "Correct its path.");
}

/** Whether an address is that of the state folder's door, from here or from outside. */
function isOwnAddress({ origin }: URL, own: OwnDoor | undefined): boolean {
  if (own === undefined) return false;
  const { url, spec } = own;
  const outside = spec === undefined ? undefined : publicUrl(spec);
  const known = [
    url,
    ...(spec === undefined ? [] : [urlOf(spec), localUrl(spec)]),
    ...(outside === undefined ? [] : [outside]),
  ];
  return known.some((one) => new URL(one).origin === origin);
}

async function readKey(
  { keyEnv, keyFile }: VerifyOptions,
  isOwn: boolean,
  home: string,
  env: Environment,
): Promise<string | undefined> {
  if (keyEnv === undefined && keyFile === undefined) {
    // Whoever answers at another address would learn the key of this one.
    if (!isOwn)
      throw new UsageError(
        "That is not the door of this folder, whose key stays here: name that door's own by --key-env or --key-file.",
      );
    const name = "door-key";
    return existsSync(join(home, name)) ? readOrMakeSecret(home, name) : undefined;
  }
  const text =
    keyFile === undefined
      ? env[keyEnv ?? ""]
      : await readFile(existing("key-file", keyFile), "utf8");
  const key = text?.trim() ?? "";
  if (KEY.test(key)) return key;
  if (keyFile === undefined)
    throw new Problem(
      "The variable that --key-env names holds no key.",
      "Give the name of the variable, not the key, and see that it is exported.",
    );
  throw new Problem(
    "The file that --key-file names holds no key.",
    "Put the key into it, alone and on one line.",
  );
}

async function appOf(
  url: URL | undefined,
  home: string,
  env: Environment,
): Promise<AppWish | undefined> {
  if (url === undefined) return undefined;
  const named = env["LATCHKEY_ACCESS_KEY"]?.trim() ?? "";
  const key = named === "" ? await readLocalKey(home) : named;
  return { url, key: key !== undefined && KEY.test(key) ? key : undefined };
}

/** The logs of a door: one that was named, else those of the state folder. */
function logsOf(log: string | undefined, home: string, isOwn: boolean): LogPlaces {
  if (log !== undefined) return { access: [fromPerson(log)], error: [] };
  return isOwn ? logsIn(home) : { access: [], error: [] };
}

const changedIn =
  (home: string, spec: GatewaySpec, env: Environment) => async (): Promise<readonly string[]> => {
    const renderer = (await lookForProgram(spec.server, env)) ?? rendererOf(spec.server);
    const texts = doorTexts({ spec, keys: keyLists(await readDoorKeys(home)) }, renderer);
    const found = await Promise.all(
      [...texts].map(async ([name, text]) =>
        (await readText(join(home, name))) === text ? [] : [name],
      ),
    );
    return found.flat();
  };

/**
 * Puts it together.
 *
 * @param home the state folder
 * @throws Problem when there is no door to look at, or something named is not there
 * @throws UsageError when another door is named without its key
 */
export async function findWish(
  options: VerifyOptions,
  home: string,
  env: Environment,
): Promise<Wish> {
  // A mistake in a description is of no concern to somebody who names another door.
  const found = findOwnDoor(home);
  const own = options.url === undefined ? await found : await found.catch(() => undefined);
  const url = options.url ?? own?.url;
  if (url === undefined) {
    throw new Problem(
      "There is no door in this folder yet.",
      "Start one: npm run up. Or name one: npm run latchkey -- verify URL",
    );
  }
  const door = own?.url.origin === url.origin ? own : undefined;
  const { config } = options;
  return {
    url,
    key: await readKey(options, isOwnAddress(url, own), home, env),
    authority: await authorityOf(door?.spec, home, env),
    engineUrl: door?.engineUrl,
    spec: door?.spec,
    changedFiles:
      door?.spec === undefined || config !== undefined
        ? undefined
        : changedIn(home, door.spec, { ...env, ...door.programs }),
    logs: logsOf(options.log, home, door !== undefined),
    app: await appOf(options.app, home, env),
    configFile: config === undefined ? configIn(home, door?.spec) : existing("config", config),
    programs: door?.programs ?? {},
    isSlow: options.isSlow,
    silenceMs: SILENCE_MS,
  };
}
