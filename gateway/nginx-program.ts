/** Finding nginx, calling it, and letting it check its files. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { publicEnvironment } from "./bootstrap/environment.mjs";
import { type Environment, findProgram, type Program, withoutKeys } from "./find-program.ts";
import { NGINX_FILES } from "./render/nginx.ts";

/** Its version is such as `1.22.1`. */
export type Nginx = Program;

const run = promisify(execFile);
const PATIENCE_MS = 20_000;

/** Where systems put it that leave such folders off a person's PATH. */
const SYSTEM_FOLDERS = [
  "/usr/sbin",
  "/usr/local/sbin",
  "/usr/local/nginx/sbin",
  "/opt/homebrew/bin",
];

/** nginx's environment: nothing secret, and no sockets to inherit. */
export function nginxEnvironment(env: Environment): Record<string, string> {
  return publicEnvironment(env);
}

/** Whoever runs as root would have workers that cannot enter the run directory. */
function userArguments(): string[] {
  if (process.getuid?.() !== 0) return [];
  return ["-g", process.platform === "linux" ? "user root;" : "user root wheel;"];
}

function placeArguments(directory: string, errors: string): string[] {
  return ["-p", directory, "-c", NGINX_FILES.config, "-e", errors, ...userArguments()];
}

/** How to run the door in the foreground, in whatever working directory. */
export function nginxArguments(directory: string): string[] {
  return placeArguments(directory, NGINX_FILES.doorLog);
}

async function readVersion(path: string): Promise<string> {
  const { stderr } = await run(path, ["-v"], { timeout: PATIENCE_MS, windowsHide: true });
  return /nginx version: [^/\s]+\/(\S+)/.exec(stderr)?.[1] ?? "";
}

/**
 * The nginx that NGINX_BIN names, else the first on PATH or in the system's own folders; undefined
 * when there is none.
 *
 * @throws Error when NGINX_BIN names something that does not run.
 */
export function findNginx({ env }: { env: Environment }): Promise<Nginx | undefined> {
  return findProgram({
    env,
    variable: "NGINX_BIN",
    file: "nginx",
    folders: SYSTEM_FOLDERS,
    readVersion,
  });
}

/** The last line that tells a mistake, without time, process and keys. */
export function nginxMistakeIn(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const line = lines.findLast((one) => one.includes("[emerg]")) ?? lines.at(-1);
  return withoutKeys(line?.replace(/^.*?\[emerg\] (?:\d+#\d+: )?/, "") ?? "it gave no reason");
}

/**
 * Lets nginx itself check the rendered files before they are used.
 *
 * @throws Error with nginx's own reason, keys taken out.
 */
export async function validateNginx(
  nginx: Nginx,
  directory: string,
  env: Environment,
): Promise<void> {
  try {
    await run(nginx.path, ["-t", ...placeArguments(directory, "stderr")], {
      cwd: directory,
      env: { ...nginxEnvironment(env), NODE_ENV: "production" },
      timeout: PATIENCE_MS,
      windowsHide: true,
    });
  } catch (thrown) {
    const output =
      (thrown instanceof Error && "stderr" in thrown && String(thrown.stderr)) || String(thrown);
    throw new Error(
      `nginx ${nginx.version} refuses the door's configuration; update nginx, then try again: ${nginxMistakeIn(output)}`,
      { cause: thrown },
    );
  }
}
