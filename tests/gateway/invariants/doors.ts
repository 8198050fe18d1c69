/** Real doors of every kind, from our renderers, with a change in their text where one is asked for. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerKind } from "../../../gateway/invariants.ts";
import { type GatewaySpec, parseSpec } from "../../../gateway/spec/spec.ts";
import { hasErrorCode } from "../../../gateway/system-error.ts";
import { type Child, startChild } from "../../helpers/child.ts";
import { freePort } from "../../helpers/free-port.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { type Server, servers } from "./servers.ts";
import { ask } from "./wire.ts";

/** A key and whom it names; a name may stand there several times. */
export interface KeyLine {
  readonly name: string;
  readonly key: string;
}

/** Changes of the rendered text. */
export interface Change {
  readonly config?: (text: string) => string;
  readonly keys?: (text: string) => string;
}

export interface DoorWish {
  readonly kind: ServerKind;
  readonly upstream: string;
  readonly keys: readonly KeyLine[];
  /** Fields of the description, as they may stand in latchkey.json. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly change?: Change | undefined;
}

export interface OpenDoor {
  readonly kind: ServerKind;
  readonly port: number;
  /**
   * Writes the keys anew and lets the running door take them.
   *
   * @throws Error when the server refuses them; it goes on with what it had
   */
  takeKeys(text: string): Promise<void>;
  /** The text of the keys' file for these keys. */
  renderKeys(keys: readonly KeyLine[]): string;
  /** All that it wrote, its output included, by file name. */
  logs(): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

/** @throws Error when the text is as it was: the line that the change looks for is not there */
export function changed(text: string, change: ((text: string) => string) | undefined): string {
  if (change === undefined) return text;
  const result = change(text);
  if (result === text) throw new Error("The change changed nothing: its line is not there.");
  return result;
}

/** Two servers may share a port without an error, so no two tests may choose the same one. */
async function claimPort(): Promise<{ port: number; directory: string }> {
  const port = await freePort();
  const directory = join(tmpdir(), `latchkey-door-${port}`);
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (hasErrorCode(error, "EEXIST")) return await claimPort();
    throw error;
  }
  return { port, directory };
}

function describeDoor({ spec = {}, keys, upstream, kind }: DoorWish, port: number): GatewaySpec {
  const names = [...new Set(keys.map(({ name }) => name))];
  return parseSpec({
    server: kind === "nginx" ? "nginx" : "caddy",
    upstreams: [upstream],
    callers: names.map((name) => ({ name })),
    limits: { badKeysPerMinute: 0 },
    ...spec,
    listen: { port },
  });
}

async function readLogs(directory: string, output: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(directory)).filter((name) => name.includes(".log"));
  const texts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(directory, name), "utf8")] as const),
  );
  return new Map([...texts, ["output", output]]);
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await ask(port, { target: "/health" }, { patienceMs: 1000 })).status > 0;
  } catch {
    return false;
  }
}

/** The server of a run directory, once it answers; undefined where somebody took its port meanwhile. */
async function run(server: Server, directory: string, port: number): Promise<Child | undefined> {
  const child = await startChild(server.command(directory), {
    cwd: directory,
    env: server.environment(directory),
  });
  try {
    await waitUntil("the door to open", async () => child.ended() || (await answers(port)));
    if (!child.ended()) return child;
    const logs = [...(await readLogs(directory, child.log())).values()].join("\n");
    if (/address already in use/i.test(logs)) return undefined;
    throw new Error(`the server does not start: ${logs.slice(-400)}`);
  } catch (error) {
    await child.close();
    throw error;
  }
}

/**
 * Opens a door and waits until it answers.
 *
 * @throws Error when the change changes nothing, or the server does not start
 */
export async function openDoor(wish: DoorWish): Promise<OpenDoor> {
  const server = await servers[wish.kind]();
  const { port, directory } = await claimPort();
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const { files } = server;
  const write = (file: string, text: string): Promise<void> =>
    writeFile(join(directory, file), text, { mode: 0o600 });
  let child: Child | undefined;
  try {
    const config = server.render(describeDoor(wish, port));
    await write(files.config, changed(config, wish.change?.config));
    await write(files.keys, changed(server.renderKeys(wish.keys), wish.change?.keys));
    child = await run(server, directory, port);
  } finally {
    if (child === undefined) await remove();
  }
  if (child === undefined) return await openDoor(wish);
  const { close, log } = child;
  return {
    kind: wish.kind,
    port,
    async takeKeys(text) {
      await write(files.keys, text);
      await server.reload(directory);
    },
    renderKeys: (keys) => server.renderKeys(keys),
    logs: () => readLogs(directory, log()),
    async close() {
      await close();
      await remove();
    },
  };
}
