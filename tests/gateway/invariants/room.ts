/** A door, what is behind it, and what a check needs to try it. */
import { randomBytes } from "node:crypto";
import { type DemoEngine, startDemoEngine } from "../../../gateway/demo/server.ts";
import type { ServerKind } from "../../../gateway/invariants.ts";
import { type Behind, startBehind } from "./behind.ts";
import { type Change, type KeyLine, type OpenDoor, openDoor } from "./doors.ts";

const newKey = (): string => randomBytes(32).toString("hex");

/** Of this run; in small letters, as nginx wants them. */
export const KEYS = {
  app: newKey(),
  appSecond: newKey(),
  other: newKey(),
  added: newKey(),
} as const;
export const withKey = `X-API-Key: ${KEYS.app}`;

export const KEY_LINES: readonly KeyLine[] = [
  { name: "app", key: KEYS.app },
  { name: "app", key: KEYS.appSecond },
  { name: "other", key: KEYS.other },
];

export const LISTED_ORIGIN = "https://chat.example.com";
/** Of requests, in the furnishings that count. */
export const PER_MINUTE = 4;
export const BODY_MEGABYTES = 5;

interface Furnishing {
  readonly upstream: "behind" | "engine" | "nothing";
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Doors that checks share as long as they do not disturb each other. */
const FURNISHINGS = {
  plain: {
    upstream: "behind",
    spec: { limits: { badKeysPerMinute: 0, bodyMegabytes: BODY_MEGABYTES } },
  },
  engine: { upstream: "engine" },
  dead: { upstream: "nothing" },
  pages: {
    upstream: "behind",
    spec: { cors: { origins: [LISTED_ORIGIN, "http://localhost:5173"] } },
  },
  callers: {
    upstream: "behind",
    spec: { limits: { badKeysPerMinute: 0, requestsPerMinute: PER_MINUTE } },
  },
  strangers: { upstream: "behind", spec: { limits: { badKeysPerMinute: PER_MINUTE } } },
  /** Its keys are changed. */
  changing: { upstream: "behind" },
} as const satisfies Record<string, Furnishing>;

export type FurnishingName = keyof typeof FURNISHINGS;

export function furnishingNames(): readonly FurnishingName[] {
  const isName = (name: string): name is FurnishingName => Object.hasOwn(FURNISHINGS, name);
  return Object.keys(FURNISHINGS).filter((name) => isName(name));
}

export interface Room {
  readonly door: OpenDoor;
  readonly behind: Behind;
  readonly engine: DemoEngine;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Nobody listens there: the port of tcpmux. */
const NOBODY = "http://127.0.0.1:1";

/** @throws Error when the door does not open */
export async function furnish(
  kind: ServerKind,
  name: FurnishingName,
  change?: Change,
): Promise<Room> {
  const furnishing: Furnishing = FURNISHINGS[name];
  await using opening = new AsyncDisposableStack();
  const behind = await startBehind();
  opening.defer(() => behind.close());
  const engine = await startDemoEngine({ controls: { loadMs: 0, readMs: 0, parallel: 4 } });
  opening.defer(() => engine.close());
  const upstream = { behind: behind.url, engine: engine.url, nothing: NOBODY }[furnishing.upstream];
  const door = await openDoor({
    kind,
    upstream,
    keys: KEY_LINES,
    ...(furnishing.spec === undefined ? {} : { spec: furnishing.spec }),
    change,
  });
  opening.defer(() => door.close());
  const closing = opening.move();
  return { door, behind, engine, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

/** Tries an invariant: what was wrong, in words; undefined where it holds. */
export type Check = (room: Room) => Promise<string | undefined>;
