import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { publicEnvironment } from "./bootstrap/environment.mjs";
import { type Environment, findProgram, type Program, withoutKeys } from "./find-program.ts";
import { CADDY_FILES } from "./render/caddy.ts";

/** Its version is such as `2.6.2` or `v2.11.9`. */
export type Caddy = Program;

const run = promisify(execFile);
const PATIENCE_MS = 20_000;
/** Within the run directory. */
const DATA_FOLDER = ["caddy", "data"] as const;

/**
 * Caddy's environment: its own state (autosave.json holds keys) lies in the run directory. No proxy
 * variables, which would send what is meant for Ollama to somebody else.
 */
export function caddyEnvironment(directory: string, env: Environment): Record<string, string> {
  return {
    ...publicEnvironment(env),
    XDG_CONFIG_HOME: join(directory, "caddy", "config"),
    XDG_DATA_HOME: join(directory, ...DATA_FOLDER),
  };
}

/** How to run the door in the foreground; the working directory must be the run directory itself. */
export function caddyArguments(directory: string): string[] {
  return ["run", "--config", join(directory, CADDY_FILES.config), "--adapter", "caddyfile"];
}

async function readVersion(path: string): Promise<string> {
  const { stdout } = await run(path, ["version"], { timeout: PATIENCE_MS, windowsHide: true });
  return stdout.trim().split(/\s/)[0] ?? "";
}

/**
 * The Caddy that CADDY_BIN names, else the first on PATH; undefined when there is none.
 *
 * @throws Error when CADDY_BIN names something that does not run.
 */
export function findCaddy({ env }: { env: Environment }): Promise<Caddy | undefined> {
  return findProgram({ env, variable: "CADDY_BIN", file: "caddy", readVersion });
}

/**
 * Its modules, as `caddy list-modules` names them: what distributions leave out is a plugin.
 *
 * @throws Error when it does not run.
 */
export async function readModules(caddy: Caddy): Promise<ReadonlySet<string>> {
  const options = { timeout: PATIENCE_MS, windowsHide: true };
  const { stdout } = await run(caddy.path, ["list-modules"], options);
  return new Set(
    stdout.split(/\r?\n/).filter((line) => /^[a-z0-9_]+(?:\.[a-z0-9_]+)*$/.test(line)),
  );
}

/**
 * The root certificate of a door with `"tls": "internal"`, as PEM: what the app takes as OLLAMA_CA.
 *
 * @throws Error when there is none yet: the door makes it when it first starts.
 */
export async function readRoot(directory: string): Promise<string> {
  const path = join(directory, ...DATA_FOLDER, "caddy", "pki", "authorities", "local", "root.crt");
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Error("The door has made no root certificate yet: start it, then ask again.", {
      cause,
    });
  }
}

/** The last line that tells a mistake, among lines of JSON log and plain words. */
function mistakeIn(output: string): string | undefined {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const line = lines.findLast((one) => !one.startsWith("{") || one.includes('"level":"error"'));
  return /"msg":"((?:[^"\\]|\\.)*)"/.exec(line ?? "")?.[1] ?? line;
}

/**
 * Runs one of Caddy's commands on the rendered files; its complaint, keys taken out. A Caddy that has
 * read as far as the `log` block tells its mistake there, older ones on stderr.
 */
async function complaintOf(
  caddy: Caddy,
  [command, ...more]: readonly [string, ...string[]],
  directory: string,
  env: Environment,
): Promise<string | undefined> {
  const [, ...options] = caddyArguments(directory);
  try {
    await run(caddy.path, [command, ...options, ...more], {
      cwd: directory,
      env: { ...caddyEnvironment(directory, env), NODE_ENV: "production" },
      timeout: PATIENCE_MS,
      windowsHide: true,
    });
    return undefined;
  } catch (thrown) {
    const output =
      (thrown instanceof Error && "stderr" in thrown && String(thrown.stderr)) || String(thrown);
    const log = join(directory, CADDY_FILES.doorLog);
    const mistake =
      mistakeIn(output) ?? (existsSync(log) ? mistakeIn(await readFile(log, "utf8")) : undefined);
    return withoutKeys(mistake ?? "it gave no reason");
  }
}

/**
 * Lets Caddy itself check the rendered files before they are used.
 *
 * @throws Error with Caddy's own reason, keys taken out.
 */
export async function validateCaddy(
  caddy: Caddy,
  directory: string,
  env: Environment,
): Promise<void> {
  const complaint = await complaintOf(caddy, ["validate"], directory, env);
  if (complaint === undefined) return;
  throw new Error(
    `Caddy ${caddy.version} refuses the door's Caddyfile; update Caddy, then try again: ${complaint}`,
  );
}

/**
 * Lets the running door take the files of its run directory anew; streams that run go on.
 *
 * @throws Error with Caddy's own reason, keys taken out; the door then goes on with what it had.
 */
export async function reloadCaddy(
  caddy: Caddy,
  directory: string,
  env: Environment,
): Promise<void> {
  if (process.platform === "win32")
    throw new Error("On Windows a running door takes no new files: end it and start it anew.");
  const command = ["reload", "--address", `unix/${CADDY_FILES.adminSocket}`] as const;
  const complaint = await complaintOf(caddy, command, directory, env);
  if (complaint === undefined) return;
  throw new Error(
    `The door did not take its new files and goes on as before; see that it runs, then correct this: ${complaint}`,
  );
}
