import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DetachedDoor, startDetached } from "../../gateway/door/run.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";
import { findProgram } from "../../gateway/door/program.ts";
import { startChild } from "./child.ts";
import { ROOT } from "./copy-tree.ts";
import { freePort } from "./free-port.ts";
import { parts } from "./parts.ts";
import { waitUntil } from "./wait-until.ts";

export const SERVERS = ["caddy", "nginx"] as const;
export type ServerName = (typeof SERVERS)[number];

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A state folder with a description in it, and the commands of a person who sits before it. */
export interface Home {
  readonly folder: string;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command of the program to its end. */
  run(...args: readonly string[]): Promise<Outcome>;
  /** Starts the door by itself. */
  start(): Promise<DetachedDoor>;
  /** Runs the server on the files that are there, as a person does who follows the guide. */
  startByHand(): Promise<AsyncDisposable & { readonly url: string }>;
  readonly remove: (name: string) => Promise<void>;
  /** The app's current key. */
  appKey(): Promise<string>;
  readonly read: (name: string) => Promise<string>;
  /** Ends whatever runs there, and removes it. */
  close(): Promise<void>;
}

/** @param fields of the description, as they may stand in latchkey.json */
export async function makeHome(
  server: ServerName,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-home-"));
  const port = await freePort();
  const spec = parseSpec({ server, listen: { port }, limits: { badKeysPerMinute: 0 }, ...fields });
  await writeFile(join(folder, "latchkey.json"), JSON.stringify(spec), { mode: 0o600 });
  const env = {
    PATH: process.env["PATH"] ?? "",
    LATCHKEY_HOME: folder,
    CADDY_BIN: parts.caddy ?? "",
    NGINX_BIN: parts.nginx ?? "",
  };
  const run = (...args: readonly string[]): Promise<Outcome> =>
    new Promise((resolve) => {
      const cli = join(ROOT, "gateway/cli.ts");
      const options = { env: { ...env, NODE_ENV: "production" as const } };
      execFile(process.execPath, [cli, ...args], options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });
  let running: number | undefined;
  const atExit = (): void => {
    if (running !== undefined) process.kill(running, "SIGTERM");
  };
  return {
    folder,
    url: `http://127.0.0.1:${port}`,
    env,
    run,
    start: async () => {
      const door = await startDetached(folder, env);
      running = door.pid;
      // A worker that is ended cannot wait for stop.
      process.once("exit", atExit);
      return door;
    },
    startByHand: async () => {
      const program = await findProgram(server, env);
      const child = await startChild([program.path, ...program.args(folder)], {
        cwd: folder,
        env: program.environment(folder, env),
      });
      await waitUntil("the door to open", async () => {
        if (child.ended()) throw new Error(`It ended: ${child.log()}`);
        return (await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined))?.ok === true;
      });
      return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: child.close };
    },
    remove: (name) => rm(join(folder, name), { force: true }),
    appKey: async () => (await readFile(join(folder, "door-key"), "utf8")).trim(),
    read: (name) => readFile(join(folder, name), "utf8"),
    close: async () => {
      await run("stop");
      process.off("exit", atExit);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
