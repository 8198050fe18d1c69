/** What the doctor looks at: this machine, or one that a test makes up. */
import type { GatewaySpec } from "../spec/spec.ts";
import type { Environment } from "../up/environment.ts";

/** What was learned, or the reason why it cannot be known here. */
export type Known<Value> = { readonly value: Value } | { readonly unknown: string };

/** A socket that waits for connections. */
export interface Listener {
  /** The address it is bound to; 0.0.0.0 and :: are all of them. */
  readonly address: string;
  /** Undefined where it belongs to another user. */
  readonly owner: Owner | undefined;
}

/** The program that holds a socket. */
export interface Owner {
  readonly name: string;
  readonly pid: number;
  /** Those of one group were started together; the process id itself where a system tells none. */
  readonly group: number;
}

/** What Ollama lists. */
export interface Model {
  readonly name: string;
  /** Where it really runs; undefined: here. */
  readonly remoteHost: string | undefined;
}

/** A file or folder that holds secrets, and who may do what with it: the lowest nine bits. */
export interface Guarded {
  readonly path: string;
  readonly mode: number;
  /** What it should be. */
  readonly wanted: number;
}

/** Each question is asked when it is needed; none throws for what it does not find. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The environment of this command. */
  readonly env: Environment;
  /** The description of the door; undefined where `init` has not run. */
  readonly spec: GatewaySpec | undefined;
  /** SHA-256 of the door's keys, in hex. */
  readonly keyHashes: ReadonlySet<string>;
  /** Who listens on a port. */
  readonly listeners: (port: number) => Promise<Known<readonly Listener[]>>;
  /** The environment Ollama runs with; undefined where no Ollama runs here. */
  readonly ollamaEnvironment: () => Promise<Known<Environment | undefined>>;
  /** The models of the Ollama behind the door. */
  readonly models: () => Promise<Known<readonly Model[]>>;
  /** The status with which Ollama answers a page from elsewhere. */
  readonly strangersStatus: () => Promise<Known<number>>;
  /** What `caddy version` prints; undefined where there is none. */
  readonly caddyVersion: () => Promise<Known<string | undefined>>;
  /** By how many seconds the clock here is ahead of that of a host. */
  readonly secondsAhead: () => Promise<Known<number>>;
  /** What others could read of the state folder. */
  readonly guarded: () => Promise<Known<readonly Guarded[]>>;
  /** Narrows who may do what with a file. */
  readonly setMode: (path: string, mode: number) => Promise<void>;
}
