/** The machine this command runs on. */
import { lstat, readdir, readFile, chmod } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DEFAULT_PORTS } from "../../lib/contract.ts";
import { findCaddy } from "../caddy.ts";
import { hasErrorCode } from "../system-error.ts";
import type { Environment } from "../up/environment.ts";
import { parseOllamaHost } from "../up/ollama-host.ts";
import { findListeners } from "./listeners.ts";
import type { Guarded, Known, Machine, Model } from "./machine.ts";

const PATIENCE_MS = 3_000;

const tagsSchema = z.object({
  models: z.array(z.object({ name: z.string(), remote_host: z.string().optional() })).nullable(),
});

/** What to look at: the door of a state folder, and a host to compare the clock with. */
export interface Subject extends Pick<Machine, "spec" | "keyHashes"> {
  readonly home: string;
  readonly env: Environment;
  /** Any address whose answers tell the time; undefined: none is asked. */
  readonly timeUrl: URL | undefined;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : "no answer");

/** The Ollama that the door asks first, or the one of this computer. */
function engineUrl({ spec, env }: Pick<Subject, "spec" | "env">): URL {
  const [first] = spec?.upstreams ?? [];
  const own = parseOllamaHost(env["OLLAMA_HOST"]);
  return first === undefined
    ? (own ?? new URL(`http://127.0.0.1:${DEFAULT_PORTS.ollama}`))
    : new URL(first);
}

function get(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return fetch(url, { headers, signal, redirect: "manual" });
}

async function readModels(url: URL): Promise<Known<readonly Model[]>> {
  try {
    const answer = await get(new URL("/api/tags", url));
    const { models } = tagsSchema.parse(await answer.json());
    const found = models ?? [];
    return { value: found.map((one) => ({ name: one.name, remoteHost: one.remote_host })) };
  } catch {
    return { unknown: `no Ollama answers at ${url.host}` };
  }
}

async function askAsStranger(url: URL): Promise<Known<number>> {
  try {
    const answer = await get(new URL("/api/version", url), { Origin: "https://stranger.invalid" });
    await answer.body?.cancel();
    return { value: answer.status };
  } catch {
    return { unknown: `no Ollama answers at ${url.host}` };
  }
}

/** The names and values of /proc/PID/environ (proc_pid_environ(5)). */
export function readEnvironment(text: string): Environment {
  const entries = text.split("\0").flatMap((entry): [string, string][] => {
    const at = entry.indexOf("=");
    return at < 1 ? [] : [[entry.slice(0, at), entry.slice(at + 1)]];
  });
  return Object.fromEntries(entries);
}

/** The server that listens at the engine's port, by which it is told from a `run` that only asks. */
async function ollamaEnvironment(port: number): Promise<Known<Environment | undefined>> {
  if (process.platform !== "linux") {
    return { unknown: "this system does not show Ollama's environment" };
  }
  const found = await findListeners(port);
  if ("unknown" in found) return found;
  const [first] = found.value;
  if (first === undefined) return { value: undefined };
  const hidden = {
    unknown: "Ollama runs as another user: run this with sudo to see its environment",
  };
  if (first.owner === undefined) return hidden;
  try {
    return { value: readEnvironment(await readFile(`/proc/${first.owner.pid}/environ`, "utf8")) };
  } catch (error) {
    if (hasErrorCode(error, "ENOENT") || hasErrorCode(error, "ESRCH")) return { value: undefined };
    return hidden;
  }
}

async function caddyVersion(env: Environment): Promise<Known<string | undefined>> {
  try {
    return { value: (await findCaddy({ env }))?.version };
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
}

/** Half of the time it took is how old the answer is; its Date counts whole seconds, cut off. */
async function secondsAhead(url: URL | undefined): Promise<Known<number>> {
  if (url === undefined)
    return { unknown: "no host to compare with: give the app's with --app URL" };
  const before = Date.now();
  try {
    const answer = await get(url);
    await answer.body?.cancel();
    const told = Date.parse(answer.headers.get("Date") ?? "");
    if (Number.isNaN(told)) return { unknown: `${url.host} does not tell the time` };
    return { value: ((before + Date.now()) / 2 - (told + 500)) / 1000 };
  } catch {
    return { unknown: `${url.host} does not answer, so there is nothing to compare with` };
  }
}

/** nginx writes its number there at each start, for all to read. */
const NOT_SECRET = "nginx.pid";
const FOLDER = 0o700;
const FILE = 0o600;

async function lookAt(path: string, wanted: number): Promise<Guarded> {
  return { path, wanted, mode: (await lstat(path)).mode & 0o777 };
}

async function guarded(home: string): Promise<Known<readonly Guarded[]>> {
  if (process.platform === "win32") {
    return { unknown: "Windows keeps a person's folder to that person by itself" };
  }
  try {
    const entries = await readdir(home, { withFileTypes: true });
    const inside = entries
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .filter(({ name }) => name !== NOT_SECRET)
      .map((entry) => lookAt(join(home, entry.name), entry.isDirectory() ? FOLDER : FILE));
    return { value: [await lookAt(home, FOLDER), ...(await Promise.all(inside))] };
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return { unknown: `there is nothing in ${home} yet` };
    throw error;
  }
}

/** This very machine. */
export function createMachine(subject: Subject): Machine {
  const { home, env, spec, keyHashes, timeUrl } = subject;
  const engine = engineUrl(subject);
  return {
    platform: process.platform,
    env,
    spec,
    keyHashes,
    listeners: (port) => findListeners(port),
    ollamaEnvironment: () => ollamaEnvironment(Number(engine.port || "80")),
    models: () => readModels(engine),
    strangersStatus: () => askAsStranger(engine),
    caddyVersion: () => caddyVersion(env),
    secondsAhead: () => secondsAhead(timeUrl),
    guarded: () => guarded(home),
    setMode: (path, mode) => chmod(path, mode),
  };
}
