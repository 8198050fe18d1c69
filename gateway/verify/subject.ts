/** The door that is looked at, and what is known about it. */
import { randomBytes } from "node:crypto";
import { DOOR_KEY_HEADER } from "../../lib/contract.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { type Answer, ask, type Ask, type Header, type Limits, type Target } from "./ask.ts";
import { NotTelling } from "./check.ts";
import type { ConfigRun } from "./config-run.ts";
import type { LocalListeners } from "./listeners.ts";
import type { TlsState } from "./trust.ts";

/** Where a log is kept: its own file, and those put aside beside it. */
export interface LogPlaces {
  readonly access: readonly string[];
  readonly error: readonly string[];
}

export interface AppWish {
  readonly url: URL;
  readonly key: string | undefined;
}

/** What is known before anything is asked. */
export interface Wish {
  readonly url: URL;
  /** The right key, if it is known. */
  readonly key: string | undefined;
  /** PEM of the only root that is trusted; undefined: those of the system. */
  readonly authority: string | undefined;
  /** Where the engine listens, where that is known. */
  readonly engineUrl: string | undefined;
  /** The description of the door, when it is the one of this state folder. */
  readonly spec: GatewaySpec | undefined;
  /** Names those of the door's files that are not as its description renders them; undefined: not its own. */
  readonly changedFiles: (() => Promise<readonly string[]>) | undefined;
  readonly logs: LogPlaces;
  readonly app: AppWish | undefined;
  readonly configFile: string | undefined;
  /** CADDY_BIN or NGINX_BIN, where a certain one runs the door. */
  readonly programs: Readonly<Record<string, string | undefined>>;
  readonly isSlow: boolean;
  /** How long the silence is that a stream must survive. */
  readonly silenceMs: number;
}

export interface Subject extends Wish {
  readonly target: Target;
  /** Who can reach the door: this computer alone, or others as well. */
  readonly reach: "loopback" | "beyond";
  /** Why the right key is not sent there; undefined: it is. */
  readonly keyRefusal: string | undefined;
  readonly tls: TlsState | undefined;
  /** Who listens on the door's port; undefined where that cannot be seen. */
  readonly listeners: LocalListeners | undefined;
  /** The config as it runs before an echo, or why it does not. */
  readonly config: Promise<ConfigRun | string>;
  /** Bytes of each log before the first knock. */
  readonly logSizes: ReadonlyMap<string, number>;
  /** Every wrong key that was shown, to look for in the logs. */
  readonly wrongKeys: string[];
  /** Aborted when the time for all of it is over. */
  readonly signal: AbortSignal;
}

/** A wrong key like no other, noted so that the logs can be searched for it. */
export function makeWrongKey({ wrongKeys }: Pick<Subject, "wrongKeys">): string {
  const key = randomBytes(32).toString("hex");
  wrongKeys.push(key);
  return key;
}

/**
 * The right key, where it may be shown.
 *
 * @throws NotTelling where it may not, or is not known
 */
export function rightKey({ key, keyRefusal }: Subject): string {
  if (key === undefined) throw new NotTelling("the door's key is not known here");
  if (keyRefusal !== undefined) throw new NotTelling(keyRefusal);
  return key;
}

/** The header line that shows a key. */
export const keyHeader = (key: string): Header => [DOOR_KEY_HEADER, key];

/** Asks as a stranger. */
export function knock(subject: Subject, request: Ask, limits: Limits = {}): Promise<Answer> {
  return ask(subject.target, request, { signal: subject.signal, ...limits });
}

/**
 * Asks with the right key.
 *
 * @throws NotTelling where the key may not be shown, or the door has had enough of its caller
 */
export async function enter(subject: Subject, request: Ask, limits: Limits = {}): Promise<Answer> {
  const headers = [keyHeader(rightKey(subject)), ...(request.headers ?? [])];
  const answer = await knock(subject, { ...request, headers }, limits);
  if (answer.status === 429)
    throw new NotTelling("the door limits its caller now (429): run it again in a minute");
  return answer;
}
