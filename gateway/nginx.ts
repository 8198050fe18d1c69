/** nginx as a program: all that other files need of it, and what is told to one that runs. */
import { execFile } from "node:child_process";
import { open, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { type Nginx, nginxMistakeIn, validateNginx } from "./nginx-program.ts";
import { NGINX_FILES } from "./render/nginx.ts";
import { hasErrorCode } from "./system-error.ts";

export {
  findNginx,
  type Nginx,
  nginxArguments,
  nginxEnvironment,
  validateNginx,
} from "./nginx-program.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const run = promisify(execFile);
const PATIENCE_MS = 20_000;
const BETWEEN_MS = 20;

/** How a process was called, as the system tells it; undefined when there is none. */
async function commandOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === "linux")
      return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
    return (await run("ps", ["-o", "command=", "-p", String(pid)], { timeout: PATIENCE_MS }))
      .stdout;
  } catch {
    return undefined;
  }
}

/** A number in a file may be another program's by now, which a signal would end. */
async function findMaster(directory: string): Promise<number> {
  const notRunning = new Error(`No nginx runs in ${directory}: start the door first.`);
  let text: string;
  try {
    text = await readFile(join(directory, NGINX_FILES.pid), "utf8");
  } catch (cause) {
    if (hasErrorCode(cause, "ENOENT")) throw notRunning;
    throw cause;
  }
  const pid = Number(text.trim());
  if (!Number.isInteger(pid) || pid <= 1) throw notRunning;
  const command = await commandOf(pid);
  const isOurs = command?.startsWith("nginx: master process") === true;
  if (!isOurs || !command.includes(` -p ${directory} `)) throw notRunning;
  return pid;
}

function signal(nginx: Nginx, pid: number, name: "SIGHUP" | "SIGUSR1"): void {
  if (process.platform === "win32")
    throw new Error(
      `nginx ${nginx.version} takes no signals on Windows: stop the door and start it again.`,
    );
  process.kill(pid, name);
}

/** Its length now, so that what is written later can be told apart. */
async function lengthOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return 0;
    throw error;
  }
}

async function readFrom(path: string, start: number): Promise<string> {
  // a shorter file is another one, which took its place
  const from = (await lengthOf(path)) < start ? 0 : start;
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read({ position: from, buffer: Buffer.alloc(1 << 20) });
  return buffer.toString("utf8", 0, bytesRead);
}

/**
 * Puts the files of the directory in force without breaking a stream, and waits until the workers
 * with the old ones take no more requests. A configuration that nginx refuses changes nothing.
 *
 * @param directory as it was given to `nginxArguments`
 * @throws Error with nginx's own reason, keys taken out, or when no nginx runs there.
 */
export async function reloadNginx(
  nginx: Nginx,
  directory: string,
  env: Environment,
): Promise<void> {
  await validateNginx(nginx, directory, env);
  const pid = await findMaster(directory);
  const log = join(directory, NGINX_FILES.doorLog);
  const start = await lengthOf(log);
  signal(nginx, pid, "SIGHUP");
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const said = await readFrom(log, start);
    if (said.includes("gracefully shutting down")) return;
    if (said.includes("[emerg]")) {
      throw new Error(
        `nginx goes on with its old configuration; correct the new one: ${nginxMistakeIn(said)}`,
      );
    }
    await delay(BETWEEN_MS);
  }
  throw new Error(`nginx did not take its new configuration: look at ${log}.`);
}

/**
 * Lets nginx write to new log files once the old ones were put aside. They are made here, for their
 * owner only: nginx would open them to others of this computer.
 *
 * @param directory as it was given to `nginxArguments`
 * @throws Error when no nginx runs there.
 */
export async function nginxReopen(
  nginx: Nginx,
  directory: string,
  _env: Environment,
): Promise<void> {
  const pid = await findMaster(directory);
  for (const name of [NGINX_FILES.accessLog, NGINX_FILES.doorLog])
    await writeFile(join(directory, name), "", { flag: "a", mode: 0o600 });
  signal(nginx, pid, "SIGUSR1");
}
