import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "./wait-until.ts";

export interface Child {
  readonly pid: number;
  /** What it wrote so far, stdout and stderr together. */
  readonly log: () => string;
  /** True once the process itself has ended. */
  readonly ended: () => boolean;
  /** Ends it with everything it started; resolves when it is gone. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** A group that has ended already cannot be signalled, which is what was wanted. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * A note that tests/run.ts reads at its end: a worker that is killed outright cannot end its
 * servers, so the run does it by these.
 */
function notePath(pid: number): string | undefined {
  const folder = process.env["LATCHKEY_TEST_STATE"];
  return folder === undefined ? undefined : join(folder, `group-${pid}`);
}

/**
 * Starts a server as the leader of a process group of its own, so that closing it also ends the
 * processes it started (Ollama's runner, nginx's workers).
 *
 * @param env the whole environment; nothing is inherited
 * @throws Error when the program cannot be started
 */
export async function startChild(
  command: readonly [string, ...string[]],
  options: { env: Readonly<Record<string, string>>; cwd?: string },
): Promise<Child> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    detached: true,
    env: { ...options.env, NODE_ENV: "production" },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let ended = false;
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  child.once("exit", () => {
    ended = true;
  });
  await new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  const pid = child.pid;
  if (pid === undefined) {
    throw new Error(`${program} has no process id`);
  }
  const note = notePath(pid);
  if (note !== undefined) {
    writeFileSync(note, program);
  }
  const atExit = (): void => {
    signalGroup(pid, "SIGKILL");
  };
  process.once("exit", atExit);
  const close = async (): Promise<void> => {
    await endGroup(pid);
    await waitUntil(`${program} to end`, () => ended);
    process.off("exit", atExit);
    if (note !== undefined) {
      rmSync(note, { force: true });
    }
  };
  return { pid, log: () => output, ended: () => ended, close };
}

/** Asks the group to end, and after three seconds makes it. */
async function endGroup(pid: number): Promise<void> {
  signalGroup(pid, "SIGTERM");
  const gone = (): boolean => {
    try {
      process.kill(-pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  try {
    await waitUntil("the group to end", gone, { timeoutMs: 3000 });
  } catch {
    signalGroup(pid, "SIGKILL");
    await waitUntil("the group to be killed", gone, { timeoutMs: 3000 });
  }
}
