import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { copyTree, ROOT } from "../../helpers/copy-tree.ts";
import { freePort } from "../../helpers/free-port.ts";
import { parts } from "../../helpers/parts.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { isAlive } from "./family.ts";

const runningSchema = z.strictObject({
  app: z.string(),
  door: z.string(),
  engine: z.strictObject({
    kind: z.enum(["ollama", "demo"]),
    url: z.string(),
    version: z.string(),
  }),
  pid: z.number(),
  pids: z.array(z.number()),
  readyInMs: z.number(),
});
export type Running = z.infer<typeof runningSchema>;

/** What a person may have in the environment for ollama.com; it opens nothing here. */
export const OLLAMA_COM_KEY = "for-ollama-com-0123456789-0123456789";

/** What a deployment's store may have left in the environment under a name of its own. */
export const KV_PASSWORD = "of-the-store-0123456789-0123456789";

/** A key of another caller, as a person may have it in the environment. */
export const GUEST_KEY = "guest-0123456789-abcdefghijklmnopqrstuvwxyz";

export interface Up {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** A copy of the tree to run `up` in, so that its build and its state are its own. */
export interface Clone {
  readonly folder: string;
  readonly ports: { readonly app: number; readonly door: number };
  /** A command of the bootstrap, as the npm scripts call it. */
  run(...args: readonly string[]): Up;
  /** The demo engine's chain on the clone's ports. */
  up(): Up;
  /** Waits until everything answers; throws what was said when it ended instead. */
  untilReady(up: Up): Promise<Running>;
  /** running.json, while it is there. */
  note(): Promise<Running | undefined>;
  /** A secret that was made. */
  secret(name: "door-key" | "access-key" | "session-secret"): Promise<string>;
  /** Sends one message and reads the reply as it comes. */
  chat(key: string): Promise<{ readonly status: number; readonly reads: readonly string[] }>;
  /** Processes, listening ports and notes of a chain that should have ended. */
  left(running: Running): Promise<readonly string[]>;
  /** Ends what still runs and removes the folder. */
  close(): Promise<void>;
}

function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? tmpdir(),
    NODE_ENV: "production",
    CADDY_BIN: parts.caddy ?? "",
    // What must not be taken from a person's own environment, and what must.
    OLLAMA_API_KEY: OLLAMA_COM_KEY,
    OLLAMA_BASE_URL: "https://elsewhere.invalid",
    KV_URL: `rediss://default:${KV_PASSWORD}@elsewhere.invalid`,
    ACCESS_KEYS: `ann:guest:${createHash("sha256").update(GUEST_KEY).digest("hex")}`,
  };
}

function startUp(folder: string, args: readonly string[]): Up {
  const child = spawn(process.execPath, ["gateway/bootstrap.mjs", ...args], {
    cwd: folder,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = once(child, "close").then(() => child.exitCode);
  return { child, output: () => output, ended };
}

async function chat(app: number, key: string) {
  const response = await fetch(`http://127.0.0.1:${app}/api/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      stream: true,
      messages: [{ role: "user", content: "Hello" }],
      options: { num_predict: 20 },
    }),
  });
  const reads: string[] = [];
  const body = response.body ?? new ReadableStream<Uint8Array<ArrayBuffer>>();
  for await (const text of body.pipeThrough(new TextDecoderStream())) reads.push(text);
  return { status: response.status, reads };
}

/** Whether somebody listens on a port of loopback. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

/** Makes the copy, without a build and without state. */
export async function makeClone(): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-up-"));
  await copyTree(folder);
  await cp(join(ROOT, "gateway"), join(folder, "gateway"), { recursive: true });
  const ports = { app: await freePort(), door: await freePort() };
  const started = new Set<ChildProcess>();
  const run = (...args: readonly string[]): Up => {
    const up = startUp(folder, args);
    started.add(up.child);
    return up;
  };
  const note = async (): Promise<Running | undefined> => {
    const path = join(folder, ".latchkey/running.json");
    const text = await readFile(path, "utf8").catch(() => undefined);
    return text === undefined ? undefined : runningSchema.parse(JSON.parse(text));
  };
  return {
    folder,
    ports,
    run,
    note,
    up: () =>
      run("up", "--demo", "--yes", "--port", `${ports.app}`, "--door-port", `${ports.door}`),
    untilReady: (up) =>
      waitUntil(
        "up to be ready",
        () => {
          if (up.child.exitCode !== null) throw new Error(`It ended:\n${up.output()}`);
          return note();
        },
        { timeoutMs: 180_000, everyMs: 50 },
      ),
    secret: async (name) => (await readFile(join(folder, ".latchkey", name), "utf8")).trim(),
    chat: (key) => chat(ports.app, key),
    left: async ({ pid, pids, engine }) => {
      const left: string[] = [];
      for (const one of [pid, ...pids]) if (await isAlive(one)) left.push(`process ${one}`);
      for (const port of [ports.app, ports.door, Number(new URL(engine.url).port)]) {
        if (await isListening(port)) left.push(`port ${port}`);
      }
      if ((await note()) !== undefined) left.push("running.json");
      return left;
    },
    close: async () => {
      for (const child of started) child.kill("SIGTERM");
      await waitUntil("all of them to end", () =>
        [...started].every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null),
      );
      await rm(folder, { recursive: true, force: true });
    },
  };
}
