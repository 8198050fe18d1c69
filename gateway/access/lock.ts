import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { hasErrorCode } from "../system-error.ts";
import { Problem } from "../up/problem.ts";

const ASK_AGAIN_MS = 15;

/** Whether the lock is this process's now: a file is made by one of those who try, however close. */
async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (hasErrorCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Whether that process runs; a lock that cannot be read is taken for a living one's. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasErrorCode(error, "ESRCH");
  }
}

/** Whether the lock is one that its holder, killed, can never take away. */
async function isLeft(path: string): Promise<boolean> {
  try {
    const pid = Number((await readFile(path, "utf8")).trim());
    return Number.isInteger(pid) && pid > 0 && !isAlive(pid);
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return false;
    throw error;
  }
}

/**
 * Takes away a lock whose holder was killed. For the one process alone that watches a door: see withLock.
 *
 * @returns whether there is none now
 */
export async function breakDeadLock(path: string): Promise<boolean> {
  if (await isLeft(path)) await rm(path, { force: true });
  return !existsSync(path);
}

const leftBehind = (path: string): Problem =>
  new Problem(
    "A command that was killed left its lock on the keys.",
    `Delete ${path} and run this again; while the door runs, that happens by itself within seconds.`,
  );

/**
 * Does the work while nobody else has the lock. One that a killed process left is not taken over:
 * two who did so at the same moment would both have it.
 *
 * @param path the file that stands for the lock
 * @throws Problem when another keeps it for longer than `patienceMs`, or was killed with it
 */
export async function withLock<Result>(
  path: string,
  patienceMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  while (!(await take(path))) {
    if (await isLeft(path)) throw leftBehind(path);
    if (performance.now() > deadline) {
      throw new Problem(
        "Another command has been changing the keys for a long time.",
        `Wait for it to end; when none runs any more, delete ${path} and run this again.`,
      );
    }
    await delay(ASK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
