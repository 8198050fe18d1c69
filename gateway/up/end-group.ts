import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isZombie, readProcStat } from "./process-mark.ts";

const PROCESS_GROUP = 5 - 3;

/** Whether the signal found anybody. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: all have ended. EPERM: those left are no longer ours to end (macOS says so of zombies).
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

/** Whether a process of the group still runs; one that ended and was not yet asked how does not. */
function isGroupAlive(pid: number): boolean {
  if (!signalGroup(pid, 0)) return false;
  if (process.platform !== "linux") return true;
  return readdirSync("/proc").some((entry) => {
    const stat = /^\d+$/.test(entry) ? readProcStat(entry) : undefined;
    return stat !== undefined && stat[PROCESS_GROUP] === String(pid) && !isZombie(stat);
  });
}

async function waitForEnd(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (isGroupAlive(pid)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/**
 * Ends a process and everything it started: asks the group it leads, and makes it after the grace.
 * Resolves when none of them runs any more. Windows knows no such groups; there the tree is ended.
 *
 * @param graceMs how long a program may take to end by itself; 0 makes it end at once
 */
export async function endGroup(pid: number, graceMs: number): Promise<void> {
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/PID", String(pid), "/T", "/F"], { windowsHide: true });
    return;
  }
  if (graceMs > 0) {
    signalGroup(pid, "SIGTERM");
    if (await waitForEnd(pid, graceMs)) return;
  }
  signalGroup(pid, "SIGKILL");
  await waitForEnd(pid, 2_000);
}
