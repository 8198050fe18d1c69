import { join } from "node:path";
import { type Caddy, caddyArguments, caddyEnvironment, validateCaddy } from "../caddy.ts";
import { writeDoorFiles } from "../door-files.ts";
import { proveDoor } from "../prove.ts";
import { parseSpec } from "../spec.ts";
import { DOOR_HEALTH_PATH } from "../../lib/contract.ts";
import type { Environment } from "./environment.ts";
import { Problem } from "./problem.ts";
import { getCaddy } from "./install-caddy.ts";
import type { Place } from "./place.ts";
import { type Service, superviseService } from "./supervisor.ts";

/** The app's name among the callers of the door. */
const CALLER = "app";

export interface DoorWish {
  readonly port: number;
  /** Where the engine listens. */
  readonly engineUrl: string;
  readonly key: string;
}

const doorUrl = (port: number): string => `http://127.0.0.1:${port}`;

/** An environment without the names that are not set. */
function defined(env: Environment): Record<string, string> {
  const set = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return Object.fromEntries(set);
}

/** Renders the door, lets Caddy check it, and says how to run it. */
async function prepareDoor(place: Place, caddy: Caddy, wish: DoorWish): Promise<Service> {
  const { home, env } = place;
  const { port, engineUrl, key } = wish;
  const spec = parseSpec({ listen: { port }, upstreams: [engineUrl] });
  await writeDoorFiles(home, {
    spec,
    keys: new Map([[CALLER, key]]),
    caddyVersion: caddy.version,
  });
  await validateCaddy(caddy, home, env);
  const health = `${doorUrl(port)}${DOOR_HEALTH_PATH}`;
  return {
    name: "The door",
    command: caddy.path,
    args: caddyArguments(home),
    env: defined(caddyEnvironment(home, env)),
    cwd: home,
    logFile: join(home, "caddy.log"),
    isReady: async () => (await fetch(health)).ok,
    patienceMs: 15_000,
    fix: `Look at ${join(home, "caddy.log")}.`,
  };
}

/**
 * Knocks at the door, with the key and without.
 *
 * @returns how many checks passed: all of them
 * @throws Problem that names the first check that failed
 */
async function checkDoor(url: string, key: string): Promise<number> {
  const { checks } = await proveDoor({ url, key });
  const failed = checks.find(({ ok }) => ok === false);
  if (failed !== undefined) {
    throw new Problem(`The door failed the check "${failed.name}": ${failed.seen}.`, failed.fix);
  }
  return checks.length;
}

/** Finds or installs Caddy. */
export function provideCaddy(place: Place): Promise<Caddy> {
  const { env, home, person, progress, signal } = place;
  return progress.step("Caddy", async (step) => {
    const caddy = await getCaddy({ env, home, person, progress, step, signal });
    step.say(caddy.version);
    return caddy;
  });
}

/**
 * Starts the door before the engine and proves that it is locked.
 *
 * @returns its address
 */
export function startDoor(place: Place, caddy: Caddy, wish: DoorWish): Promise<string> {
  return place.progress.step("Door", async (step) => {
    await superviseService(place.household, await prepareDoor(place, caddy, wish), place.watching);
    const checks = await checkDoor(doorUrl(wish.port), wish.key);
    step.say(`127.0.0.1:${wish.port}, locked (${checks} checks)`);
    return doorUrl(wish.port);
  });
}
