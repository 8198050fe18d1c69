import { randomInt } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { DEFAULT_PORTS } from "../../lib/contract.ts";
import type { Caddy } from "../caddy.ts";
import { APP } from "../door/key-store.ts";
import { openDoor } from "../door/open-door.ts";
import { caddyProgram, type DoorProgram } from "../door/program.ts";
import { readSpecFile } from "../init/spec-file.ts";
import { proveDoor } from "../prove.ts";
import { hostOf, isLoopback } from "../spec/addresses.ts";
import { type GatewaySpec, parseSpec } from "../spec/spec.ts";
import { Problem } from "./problem.ts";
import { getCaddy } from "./install-caddy.ts";
import type { Place } from "./place.ts";
import { choosePort, SharedPort } from "./ports.ts";
import { reservePort } from "./reservation.ts";

const PORT_OPTION = "--door-port";
/** So many times a port turns out to be shared before it is told. */
const TRIES = 5;

export interface DoorWish {
  /** The port asked for by name; undefined: whichever is free. */
  readonly named: number | undefined;
  /** Where the engine listens. */
  readonly engineUrl: string;
  /** What the file door-key of the state folder holds: the app's key. */
  readonly key: string;
}

/**
 * The door of this computer alone: what a description in the state folder says of its callers, paths
 * and limits holds here too, what it says of the way in from outside does not.
 */
function describeLocal(
  before: GatewaySpec | undefined,
  { port, engineUrl }: Pick<DoorWish, "engineUrl"> & { readonly port: number },
): GatewaySpec {
  const base = before ?? parseSpec({});
  const host = hostOf(engineUrl);
  const isApp = ({ name }: GatewaySpec["callers"][number]): boolean => name === APP;
  return parseSpec({
    ...base,
    server: "caddy",
    listen: { address: "127.0.0.1", port },
    name: null,
    publicAddress: null,
    tls: "off",
    insecure: false,
    tunnel: "none",
    upstreams: [engineUrl],
    // OLLAMA_HOST names it in so many words.
    lanHosts: isLoopback(host) ? base.lanHosts : [...new Set([...base.lanHosts, host])],
    callers: base.callers.some(isApp) ? base.callers : [{ name: APP }, ...base.callers],
  });
}

/** Whether the description is of such a door itself, and not of one that others are to reach. */
function isLocal(before: GatewaySpec | undefined, local: GatewaySpec): boolean {
  if (before === undefined) return true;
  const { listen, upstreams, lanHosts, callers } = local;
  const moved = { ...before, upstreams, lanHosts, callers };
  return isDeepStrictEqual({ ...moved, listen: { ...before.listen, port: listen.port } }, local);
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
async function openLocal(place: Place, program: DoorProgram, wish: DoorWish): Promise<string> {
  const { home, env, household, watching } = place;
  const before = await readSpecFile(home);
  let from: number = DEFAULT_PORTS.door;
  for (let tries = 1; ; tries += 1) {
    // Only now, since two that choose long before they listen choose the same one.
    const port = await takePort(place, wish.named, from);
    const spec = describeLocal(before, { ...wish, port });
    const isDescribed = isLocal(before, spec);
    const opening = { home, spec, isDescribed, program, env, household, watching };
    try {
      return await openDoor({ ...opening, portOption: PORT_OPTION, isDetached: false });
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
    const program = await caddyProgram(caddy);
    const url = await openLocal(place, program, wish);
    const checks = await checkDoor(url, wish.key);
    step.say(`${new URL(url).host}, locked (${checks} checks)`);
    return url;
  });
}
