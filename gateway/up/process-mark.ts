import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hasErrorCode } from "../system-error.ts";

/** A process id alone may be in use again by another program; with its start it is unmistakable. */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
}

/**
 * The fields of /proc/PID/stat from the third on: state, parent, process group, ... (proc_pid_stat(5)).
 * The second, the program's name, may hold anything, so they are counted from its closing bracket.
 */
export function readProcStat(pid: number | string): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch (error) {
    if (hasErrorCode(error, "ENOENT") || hasErrorCode(error, "ESRCH")) return undefined;
    throw error;
  }
}

/** State Z: it has ended and only waits for its parent to ask how. */
export const isZombie = (stat: readonly string[]): boolean => stat[0] === "Z";

const START_TIME = 22 - 3;

function startOnLinux(pid: number): string | undefined {
  const stat = readProcStat(pid);
  if (stat === undefined || isZombie(stat)) return undefined;
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return `${boot}:${stat[START_TIME]}`;
}

function startElsewhere(pid: number): string | undefined {
  const [command, args]: [string, string[]] =
    process.platform === "win32"
      ? ["powershell", ["-NoProfile", "-Command", `(Get-Process -Id ${pid}).StartTime.Ticks`]]
      : ["ps", ["-o", "lstart=", "-p", String(pid)]];
  const asked = spawnSync(command, args, { encoding: "utf8", windowsHide: true });
  const answer = asked.status === 0 ? asked.stdout.trim() : "";
  return answer === "" ? undefined : answer;
}

/** When a process started, in whatever the system counts by; undefined when there is none. */
function startOf(pid: number): string | undefined {
  return process.platform === "linux" ? startOnLinux(pid) : startElsewhere(pid);
}

/** Marks a running process, so that it can be told apart later from another with its number. */
export function markProcess(pid: number): ProcessMark | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether the marked process itself still runs. */
export function isRunning(mark: ProcessMark): boolean {
  return startOf(mark.pid) === mark.started;
}
