import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Caddy,
  caddyArguments,
  caddyEnvironment,
  findCaddy,
  validateCaddy,
} from "../../gateway/caddy.ts";
import { writeDoorFiles } from "../../gateway/door-files.ts";
import { CADDY_FILES } from "../../gateway/render/caddy.ts";
import { hasErrorCode } from "../../gateway/system-error.ts";
import { parseSpec } from "../../gateway/spec.ts";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import { parts } from "./parts.ts";
import { waitUntil } from "./wait-until.ts";

export interface DoorOptions {
  readonly ollamaUrl: string;
  readonly key: string;
  readonly clientName?: string;
  /** Changes the rendered Caddyfile, such as to leave a line out. */
  readonly mutate?: (caddyfile: string) => string;
  readonly port?: number;
}

export interface Door {
  readonly url: string;
  readonly port: number;
  /** Its run directory. */
  readonly directory: string;
  readonly caddy: Caddy;
  /** Everything it wrote: log files, rotated ones too, and its output. */
  logs(): Promise<string>;
  close(): Promise<void>;
}

async function isOpen(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}

async function renderInto(
  directory: string,
  caddy: Caddy,
  options: DoorOptions,
  port: number,
): Promise<void> {
  const name = options.clientName ?? "app";
  const spec = parseSpec({ listen: { port }, upstreams: [options.ollamaUrl], callers: [{ name }] });
  await writeDoorFiles(directory, {
    spec,
    keys: new Map([[name, options.key]]),
    caddyVersion: caddy.version,
  });
  if (options.mutate === undefined) return;
  const path = join(directory, CADDY_FILES.config);
  const rendered = await readFile(path, "utf8");
  const mutated = options.mutate(rendered);
  if (mutated === rendered)
    throw new Error("The mutation changed nothing: the line it looks for is not there.");
  await writeFile(path, mutated);
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
  const caddy = await findCaddy({ env: { CADDY_BIN: parts.caddy } });
  if (caddy === undefined) throw new Error("Caddy is missing: run npm test, which brings it in.");
  const { port, directory } = await claimPort(options.port);
  const url = `http://127.0.0.1:${port}`;
  await renderInto(directory, caddy, options, port);
  await validateCaddy(caddy, directory, process.env);
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
      return await isOpen(url);
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { url, port, directory, caddy, logs: () => readLogs(directory, child), close };
}
