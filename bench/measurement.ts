import type { Client } from "./client/ask.ts";
import type { Report } from "./report.ts";
import type { AppOptions, Server } from "./servers.ts";

export interface Settings {
  /** Small sizes, to see that it works: the figures then mean little. */
  readonly quick: boolean;
  /** Names of variants; empty: all. */
  readonly only: readonly string[];
  /** Seconds a sample of what runs at a real pace. */
  readonly seconds: number;
}

/** What a measurement works with. */
export interface Bench {
  readonly settings: Settings;
  /** Where the measured build is. */
  readonly folder: string;
  readonly upstream: Server;
  /** One app for all measurements that do not need one of their own. */
  readonly app: Server;
  readonly client: Client;
  /** Aborts when the person or the clock ends the run. */
  readonly signal: AbortSignal;
  /** An app of one's own, beside the other; to be closed by who asked for it. */
  startApp(options?: Pick<AppOptions, "accessKeys">): Promise<Server>;
  /** Names what is not measured, and why; told once. */
  leaveOut(what: string): void;
  /** A broken stream or another failure: the run goes on and ends with exit code 1. */
  fail(problem: string): void;
}

export interface Measurement {
  readonly name: string;
  run(bench: Bench): Promise<Report>;
}
