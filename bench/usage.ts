import { readdirSync, readFileSync } from "node:fs";

/**
 * Milliseconds that a process has spent on a CPU so far, user and system, all its threads: the first
 * field of Linux' schedstat, in nanoseconds, where /proc/PID/stat only counts hundredths of a second.
 * Undefined on other systems.
 */
export function cpuMs(pid: number): number | undefined {
  const folder = `/proc/${pid}/task`;
  try {
    const times = readdirSync(folder).map((thread) =>
      Number(readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ")[0]),
    );
    return times.reduce((sum, time) => sum + time, 0) / 1e6;
  } catch {
    // No /proc, or a kernel without schedstat: what depends on it is skipped, and says so.
    return undefined;
  }
}

/** KiB of memory that are resident (VmRSS). Undefined on other systems. */
export function residentKiB(pid: number): number | undefined {
  try {
    const match = /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return match === null ? undefined : Number(match[1]);
  } catch {
    return undefined;
  }
}
