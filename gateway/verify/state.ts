/** What the state folder knows of its own door. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentOf, findRunningDoor } from "../door/door-note.ts";
import { CADDY_FILES } from "../render/caddy.ts";
import { NGINX_FILES } from "../render/nginx.ts";
import { isLoopback, hostOf } from "../spec/addresses.ts";
import { type GatewaySpec, parseSpec } from "../spec/spec.ts";
import { findRunning } from "../up/ledger.ts";
import { Problem } from "../up/problem.ts";
import { isRecord, readStateFile } from "../up/state-file.ts";
import type { LogPlaces, Wish } from "./subject.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A door that runs or could run from the state folder. */
export interface OwnDoor {
  readonly url: URL;
  readonly spec: GatewaySpec | undefined;
  readonly engineUrl: string | undefined;
  readonly programs: Wish["programs"];
}

async function readSpec(home: string): Promise<GatewaySpec | undefined> {
  const document = readStateFile(join(home, "latchkey.json"));
  return document === undefined ? undefined : parseSpec(document);
}

/** The address at which this computer reaches the door it describes. */
export function urlOf({ listen, name, tls }: GatewaySpec): URL {
  const isEverywhere = listen.address === "0.0.0.0" || listen.address === "::";
  const address = isEverywhere ? "127.0.0.1" : listen.address;
  const host = tls === "automatic" && name !== null ? name : address;
  const written = host.includes(":") ? `[${host}]` : host;
  return new URL(`${tls === "off" ? "http" : "https"}://${written}:${listen.port}`);
}

interface Running {
  readonly door: string | undefined;
  readonly engine: string | undefined;
}

/** What `up` noted, while it runs. */
function readRunning(home: string): Running {
  const note =
    findRunning(home) === undefined ? undefined : readStateFile(join(home, "running.json"));
  if (!isRecord(note)) return { door: undefined, engine: undefined };
  const { door, engine } = note;
  const url = isRecord(engine) ? engine["url"] : undefined;
  return {
    door: typeof door === "string" && URL.canParse(door) ? door : undefined,
    engine: typeof url === "string" && URL.canParse(url) ? url : undefined,
  };
}

/** Where Caddy and nginx keep theirs in the state folder. */
export function logsIn(home: string): LogPlaces {
  const error = [CADDY_FILES.doorLog, "caddy.log", "nginx.log"];
  return {
    access: [join(home, CADDY_FILES.accessLog)],
    error: error.map((name) => join(home, name)).filter((path) => existsSync(path)),
  };
}

/**
 * The door of the state folder: what runs, before what is only described.
 *
 * @throws Error when the description has mistakes
 */
export async function findOwnDoor(home: string): Promise<OwnDoor | undefined> {
  const note = findRunningDoor(home);
  const running = readRunning(home);
  const spec = note?.spec ?? (await readSpec(home));
  const address = running.door ?? note?.address;
  if (address === undefined && spec === undefined) return undefined;
  const url = address === undefined ? urlOf(spec ?? parseSpec({})) : new URL(address);
  const local = spec?.upstreams.find((one) => isLoopback(hostOf(one)));
  const programs = note === undefined ? {} : environmentOf(note, {});
  return { url, spec, engineUrl: running.engine ?? local, programs };
}

/** The file its server reads; undefined where it is not there. */
export function configIn(home: string, spec: GatewaySpec | undefined): string | undefined {
  const name = spec?.server === "nginx" ? NGINX_FILES.config : CADDY_FILES.config;
  const path = join(home, name);
  return spec !== undefined && existsSync(path) ? path : undefined;
}

/** OLLAMA_CA, as PEM or as base64 of it. */
export function readAuthority(text: string | undefined): string | undefined {
  const value = text?.trim() ?? "";
  if (value === "") return undefined;
  const pem = value.includes("-----BEGIN") ? value : Buffer.from(value, "base64").toString("utf8");
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  throw new Problem(
    "OLLAMA_CA holds no certificate.",
    "Set it to the door's root as PEM, or to base64 of that.",
  );
}

/** The root that Caddy made for itself in the state folder. */
const ROOT_FILE = ["caddy", "data", "caddy", "pki", "authorities", "local", "root.crt"];

/** The root to trust: what OLLAMA_CA holds, else the own one of a door with a certificate of its own. */
export async function authorityOf(spec: GatewaySpec | undefined, home: string, env: Environment) {
  const named = readAuthority(env["OLLAMA_CA"]);
  const path = join(home, ...ROOT_FILE);
  if (named !== undefined || spec?.tls !== "internal" || !existsSync(path)) return named;
  return readFile(path, "utf8");
}
