import { randomInt } from "node:crypto";
import { join } from "node:path";
import { type Caddy, caddyArguments, caddyEnvironment, validateCaddy } from "../caddy.ts";
import { writeDoorFiles } from "../door-files.ts";
import { proveDoor } from "../prove.ts";
import { parseSpec } from "../spec.ts";
import { DEFAULT_PORTS, DOOR_HEALTH_PATH } from "../../lib/contract.ts";
import type { Environment } from "./environment.ts";
import { Problem } from "./problem.ts";
import { getCaddy } from "./install-caddy.ts";
import type { Place } from "./place.ts";
import { choosePort, confirmPort, SharedPort } from "./ports.ts";
import { reservePort } from "./reservation.ts";
import { type Service, superviseService } from "./supervisor.ts";

/** The app's name among the callers of the door. */
const CALLER = "app";

const PORT_OPTION = "--door-port";
/** So many times a port turns out to be shared before it is told. */
const TRIES = 5;

export interface DoorWish {
  /** The port asked for by name; undefined: whichever is free. */
  readonly named: number | undefined;
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
async function prepareDoor(
  place: Place,
  caddy: Caddy,
  { port, engineUrl, key }: DoorWish & { readonly port: number },
): Promise<Service> {
  const { home, env } = place;
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
    confirm: (pid) => confirmPort(port, pid, PORT_OPTION),
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

/** The port for the door: the one asked for by name, or the first free one. */
export function chooseDoorPort(named: number | undefined, from: number = DEFAULT_PORTS.door) {
  return choosePort({ named, from, host: "127.0.0.1", option: PORT_OPTION });
}

/**
 * A free port that no other Latchkey takes meanwhile: reserved first, then looked at.
 *
 * @throws Problem that names who holds the port that was asked for
 */
async function takePort(place: Place, named: number | undefined, from: number): Promise<number> {
  for (let first = from; ;) {
    const { port } = await chooseDoorPort(named, first);
    const holder = await reservePort(port, place.household.closing);
    if (holder === undefined) return port;
    if (named !== undefined) {
      const who = typeof holder === "string" ? holder : `${holder.name} (process ${holder.pid})`;
      throw new Problem(
        `Port ${named} is taken by ${who}.`,
        `End it, or choose another ${PORT_OPTION}.`,
      );
    }
    first = port + 1;
  }
}

/** Opens the door on a port that is its own; where another took it meanwhile, on the next one. */
async function openDoor(place: Place, caddy: Caddy, wish: DoorWish): Promise<number> {
  let from: number = DEFAULT_PORTS.door;
  for (let tries = 1; ; tries += 1) {
    // Only now, since two that choose long before they listen choose the same one.
    const port = await takePort(place, wish.named, from);
    const service = await prepareDoor(place, caddy, { ...wish, port });
    try {
      await superviseService(place.household, service, place.watching);
      return port;
    } catch (error) {
      const isToGoOn = error instanceof SharedPort && wish.named === undefined && tries < TRIES;
      if (!isToGoOn) throw error;
      // Two that see each other both go on; at random, or they would meet again.
      from = port + randomInt(1, 10);
    }
  }
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
    const port = await openDoor(place, caddy, wish);
    const checks = await checkDoor(doorUrl(port), wish.key);
    step.say(`127.0.0.1:${port}, locked (${checks} checks)`);
    return doorUrl(port);
  });
}
