import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Caddy, caddyArguments, caddyEnvironment } from "../gateway/caddy.ts";
import { writeDoorFiles } from "../gateway/door/door-files.ts";
import { caddyProgram } from "../gateway/door/program.ts";
import { CADDY_FILES } from "../gateway/render/caddy.ts";
import { parseSpec } from "../gateway/spec/spec.ts";
import { DOOR_HEALTH_PATH, DOOR_KEY_HEADER } from "../lib/contract.ts";
import { startChild } from "../tests/helpers/child.ts";
import { freePort } from "../tests/helpers/free-port.ts";
import { waitUntil } from "../tests/helpers/wait-until.ts";
import type { Server } from "./servers.ts";

interface DoorFiles {
  readonly headers: Server["headers"];
  /** Writes what the server reads into its run directory. */
  readonly write: (directory: string, port: number) => Promise<void>;
}

async function startCaddy(caddy: Caddy, { headers, write }: DoorFiles): Promise<Server> {
  const directory = await mkdtemp(join(tmpdir(), "latchkey-bench-door-"));
  const port = await freePort();
  await write(directory, port);
  const child = await startChild([caddy.path, ...caddyArguments(directory)], {
    cwd: directory,
    env: caddyEnvironment(directory, process.env),
  });
  const url = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    await child.close();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await waitUntil("the door to open", async () => {
      if (child.ended()) throw new Error(`Caddy ended: ${child.log()}`);
      return (await fetch(`${url}${DOOR_HEALTH_PATH}`).catch(() => undefined))?.ok === true;
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { url, pid: child.pid, headers, close };
}

/** The floor: a Caddy that proxies and does nothing else. */
export function startBareCaddy(caddy: Caddy, upstreamUrl: string): Promise<Server> {
  return startCaddy(caddy, {
    headers: {},
    write: (directory, port) =>
      writeFile(
        join(directory, CADDY_FILES.config),
        `{\n\tadmin off\n\tauto_https off\n}\nhttp://:${port} {\n\tbind 127.0.0.1\n\treverse_proxy ${new URL(upstreamUrl).host}\n}\n`,
      ),
  });
}

/** Our door, as it is rendered for everybody, on the same Caddy. */
export function startOurDoor(caddy: Caddy, upstreamUrl: string): Promise<Server> {
  const key = randomBytes(32).toString("hex");
  return startCaddy(caddy, {
    headers: { [DOOR_KEY_HEADER]: key },
    write: async (directory, port) =>
      writeDoorFiles(directory, {
        spec: parseSpec({ listen: { port }, upstreams: [upstreamUrl] }),
        keys: new Map([["app", [key]]]),
        program: await caddyProgram(caddy),
      }),
  });
}
