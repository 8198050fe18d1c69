/** Somebody's Caddyfile, turned so that it can run beside the real door: other ports, other logs, an echo behind it. */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Caddy } from "../caddy.ts";
import { isRecord } from "../up/state-file.ts";

const run = promisify(execFile);
const PATIENCE_MS = 10_000;
const LONGEST_CONFIG = 20_000_000;

/** What a config says that matters to those who knock at its copy. */
export interface Adapted {
  readonly text: string;
  readonly port: number;
  /** What Host must say there; undefined: anything. */
  readonly host: string | undefined;
  /** Whether its log files are put aside when they are full; undefined where there are none. */
  readonly rotates: boolean | undefined;
}

type Mutable = Record<string, unknown>;

const isMutable = (value: unknown): value is Mutable => isRecord(value) && !Array.isArray(value);
const recordsIn = (value: unknown): Mutable[] =>
  isMutable(value) ? Object.values(value).filter(isMutable) : [];

/** Every object in a document. */
function* objectsIn(value: unknown): Generator<Mutable> {
  if (Array.isArray(value)) for (const item of value) yield* objectsIn(item);
  if (!isMutable(value)) return;
  yield value;
  for (const item of Object.values(value)) yield* objectsIn(item);
}

const proxiesIn = (value: unknown): Mutable[] =>
  [...objectsIn(value)].filter(({ handler }) => handler === "reverse_proxy");

/** The first name a route insists on. A wildcard gets a name that fits. */
function hostIn(server: Mutable): string | undefined {
  for (const { host } of objectsIn(server)) {
    const first: unknown = Array.isArray(host) ? host[0] : undefined;
    if (typeof first === "string" && /^[\w.*-]+$/.test(first)) return first.replaceAll("*", "a");
  }
  return undefined;
}

function pointAtEcho(server: Mutable, echo: string): void {
  for (const proxy of proxiesIn(server)) {
    proxy["upstreams"] = [{ dial: echo }];
    delete proxy["dynamic_upstreams"];
    delete proxy["health_checks"];
    const { transport } = proxy;
    if (isMutable(transport)) delete transport["tls"];
  }
}

/** Logs go into the folder, under names of their own. */
function moveLogs(config: Mutable): boolean | undefined {
  const { logging } = config;
  const logs = isMutable(logging)
    ? Object.entries(isMutable(logging["logs"]) ? logging["logs"] : {})
    : [];
  let rotates: boolean | undefined;
  for (const [name, log] of logs) {
    const writer = isMutable(log) ? log["writer"] : undefined;
    if (!isMutable(writer) || writer["output"] !== "file") continue;
    writer["filename"] = join("logs", `${name.replaceAll(/\W/g, "_")}.log`);
    rotates = (rotates ?? true) && writer["roll"] !== false;
  }
  return rotates;
}

/** The part of the config that serves the proxy. @throws Error when there is none */
function takeServer(config: Mutable): Mutable {
  const { apps } = config;
  const http = isMutable(apps) ? apps["http"] : undefined;
  const servers = recordsIn(isMutable(http) ? http["servers"] : undefined);
  const server = servers.find((one) => proxiesIn(one).length > 0);
  if (server === undefined) throw new Error("it has no reverse_proxy");
  return server;
}

/**
 * Lets Caddy read the file and turns what it read.
 *
 * @param env what `{$NAME}` in it stands for
 * @throws Error with Caddy's own reason, or when nothing in it is a door
 */
export async function adaptCaddyfile(
  caddy: Caddy,
  file: string,
  { port, echo, env }: { port: number; echo: string; env: Readonly<Record<string, string>> },
): Promise<Adapted> {
  const { stdout } = await run(caddy.path, ["adapt", "--config", file, "--adapter", "caddyfile"], {
    cwd: dirname(file),
    env: { ...env, NODE_ENV: "production" },
    timeout: PATIENCE_MS,
    maxBuffer: LONGEST_CONFIG,
    windowsHide: true,
  });
  const config: unknown = JSON.parse(stdout);
  if (!isMutable(config)) throw new Error("Caddy read nothing in it");
  const server = takeServer(config);
  const host = hostIn(server);
  pointAtEcho(server, echo);
  server["listen"] = [`127.0.0.1:${port}`];
  server["automatic_https"] = { disable: true };
  for (const name of ["tls_connection_policies", "listener_wrappers", "trusted_proxies"])
    delete server[name];
  const rotates = moveLogs(config);
  const adapted = {
    admin: { disabled: true, config: { persist: false } },
    storage: { module: "file_system", root: "storage" },
    logging: config["logging"] ?? {},
    apps: { http: { servers: { door: server } } },
  };
  return { text: JSON.stringify(adapted), port, host, rotates };
}
