import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Caddy,
  caddyArguments,
  caddyEnvironment,
  findCaddy,
  readRoot,
  validateCaddy,
} from "../../gateway/caddy.ts";
import { writeDoorFiles } from "../../gateway/door/door-files.ts";
import { caddyProgram } from "../../gateway/door/program.ts";
import { CADDY_FILES } from "../../gateway/render/caddy.ts";
import { hasErrorCode } from "../../gateway/system-error.ts";
import { type GatewaySpec, parseSpec } from "../../gateway/spec/spec.ts";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import { parts } from "./parts.ts";
import { askTls } from "./tls-ask.ts";
import { waitUntil } from "./wait-until.ts";

/** The Caddys that every promise of the door is tried on: Debian's old one, and a current one with the plugin. */
export const CADDIES = ["caddy", "caddyCurrent"] as const;
export type CaddyPart = (typeof CADDIES)[number];

export interface DoorOptions {
  readonly ollamaUrl: string;
  readonly key: string;
  readonly clientName?: string;
  /** Changes the rendered Caddyfile, such as to leave a line out. */
  readonly mutate?: (caddyfile: string) => string;
  readonly port?: number;
  /** Debian's when left out. */
  readonly part?: CaddyPart;
  /**
   * Fields of the description, as they may stand in latchkey.json. Left out, strangers are not
   * counted: tests ask more often than one may.
   */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** The name asked for in the handshake when it is awaited; none when left out. */
  readonly openBy?: string;
  /** Further callers of the description, by name. */
  readonly keys?: Readonly<Record<string, string>>;
}

export interface Door {
  /** With the address it binds, https where it has a certificate. */
  readonly url: string;
  readonly port: number;
  /** Its run directory. */
  readonly directory: string;
  readonly caddy: Caddy;
  /** Everything it wrote: log files, rotated ones too, and its output. */
  logs(): Promise<string>;
  close(): Promise<void>;
}

async function isOpen(url: string, directory: string, servername = ""): Promise<boolean> {
  try {
    if (url.startsWith("http:")) return (await fetch(`${url}/health`)).ok;
    const { hostname: host, port } = new URL(url);
    const ca = await readRoot(directory);
    return (await askTls(Number(port), { host, ca, servername, identity: "any" })).status === 200;
  } catch {
    return false;
  }
}

function describeDoor(options: DoorOptions, port: number): GatewaySpec {
  const { clientName = "app", keys = {}, spec = {}, ollamaUrl } = options;
  const { listen, ...fields } = spec;
  return parseSpec({
    upstreams: [ollamaUrl],
    callers: [clientName, ...Object.keys(keys)].map((name) => ({ name })),
    limits: { badKeysPerMinute: 0 },
    ...fields,
    listen: { ...(typeof listen === "object" ? listen : {}), port },
  });
}

async function renderInto(
  directory: string,
  caddy: Caddy,
  options: DoorOptions,
  spec: GatewaySpec,
): Promise<void> {
  const { clientName = "app", key, keys = {} } = options;
  await writeDoorFiles(directory, {
    spec,
    keys: new Map([
      [clientName, [key]],
      ...Object.entries(keys).map(([name, one]) => [name, [one]] as const),
    ]),
    program: await caddyProgram(caddy),
  });
  if (options.mutate === undefined) return;
  const path = join(directory, CADDY_FILES.config);
  const rendered = await readFile(path, "utf8");
  const mutated = options.mutate(rendered);
  if (mutated === rendered)
    throw new Error("The mutation changed nothing: the line it looks for is not there.");
  await writeFile(path, mutated);
  await validateCaddy(caddy, directory, process.env);
}

async function readLogs(directory: string, child: Child): Promise<string> {
  const files = (await readdir(directory)).filter((file) => file.includes(".log"));
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
  return [...texts, child.log()].join("\n");
}

/**
 * A port and its run directory, named after it: two Caddys share a port without an error, so two
 * tests that run at once must not choose the same one.
 */
async function claimPort(wanted?: number): Promise<{ port: number; directory: string }> {
  const port = wanted ?? (await freePort());
  const directory = join(tmpdir(), `latchkey-door-${port}`);
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (wanted === undefined && hasErrorCode(error, "EEXIST")) return await claimPort();
    throw error;
  }
  return { port, directory };
}

/** The real door before an engine: our renderer, our keys, a real Caddy on a port of its own. */
export async function startDoor(options: DoorOptions): Promise<Door> {
  const CADDY_BIN = parts[options.part ?? "caddy"];
  const caddy = CADDY_BIN === undefined ? undefined : await findCaddy({ env: { CADDY_BIN } });
  if (caddy === undefined) throw new Error("Caddy is missing: run npm test, which brings it in.");
  const { port, directory } = await claimPort(options.port);
  const spec = describeDoor(options, port);
  const { tls, listen } = spec;
  const url = `${tls === "off" ? "http" : "https"}://${listen.address}:${port}`;
  await renderInto(directory, caddy, options, spec);
  const child = await startChild([caddy.path, ...caddyArguments(directory)], {
    cwd: directory,
    env: caddyEnvironment(directory, process.env),
  });
  const close = async (): Promise<void> => {
    await child.close();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await waitUntil("the door to open", async () => {
      if (child.ended()) throw new Error(`Caddy ended: ${child.log()}`);
      return await isOpen(url, directory, options.openBy);
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { url, port, directory, caddy, logs: () => readLogs(directory, child), close };
}
