import type { Environment } from "./environment.ts";
import type { Household } from "./household.ts";
import type { Person } from "./person.ts";
import type { Progress } from "./progress.ts";
import type { Watching } from "./supervisor.ts";

/** Where and for whom one `up` does its work. */
export interface Place {
  /** The clone's folder. */
  readonly root: string;
  /** The state folder. */
  readonly home: string;
  /** The environment it was started with. */
  readonly env: Environment;
  readonly household: Household;
  readonly progress: Progress;
  readonly person: Person;
  readonly watching: Watching;
  /** Aborted when the person, or whoever started this, wishes the end. */
  readonly signal: AbortSignal;
}

/** Where the app listens when nobody says otherwise. */
export const LOOPBACK = "127.0.0.1";

/** What `up` was asked for. */
export interface UpOptions {
  /** Ports asked for by name. */
  readonly port: number | undefined;
  readonly doorPort: number | undefined;
  /** The address the app listens on. */
  readonly host: string;
  readonly isYes: boolean;
  readonly isDev: boolean;
  readonly isDemo: boolean;
}
