import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { endGroup } from "./end-group.ts";
import { type Ledger, writeLedger } from "./ledger.ts";
import { markProcess, type ProcessMark } from "./process-mark.ts";

/** A program to start. */
export interface Program {
  /** As a person would call it in a sentence: "the door". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Where both its outputs go. */
  readonly logFile: string;
  /** How long it may take to end by itself when it is asked to, in milliseconds; 0: it is not asked. */
  readonly graceMs?: number;
}

/** How a program ended. */
export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A program that was started. */
export interface Member {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** How it ended, once it has. */
  ending(): Ending | undefined;
}

/**
 * The programs of one `up`: each leads a process group of its own, so that what it starts is ended
 * with it, and each is in the note that the sentinel and the next `up` go by.
 */
export interface Household {
  /** Throws when the program cannot be started or the household is closed. */
  start(program: Program): Promise<Member>;
  /** The process ids of those that run. */
  pids(): readonly number[];
  /** Ends one of them, with all that it started. */
  end(member: Member): Promise<void>;
  /** Aborted when the end begins. */
  readonly closing: AbortSignal;
  /** Ends all of them; nothing can be started any more. */
  close(): Promise<void>;
  /** Ends all of them at once, without letting them finish anything. */
  kill(): void;
}

/** Open streams are not waited for longer than this. */
const GRACE_MS = 2_500;

function spawnProgram(program: Program): ChildProcess {
  const log = openSync(program.logFile, "a", 0o600);
  const { NODE_ENV, ...env } = program.env;
  try {
    return spawn(program.command, program.args, {
      cwd: program.cwd,
      env: { ...env, NODE_ENV: NODE_ENV === "development" ? "development" : "production" },
      detached: process.platform !== "win32",
      windowsHide: true,
      stdio: ["ignore", log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** Resolves when the child has ended; rejects when it could not be started. */
function watchEnd(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      resolve({ code, signal });
    });
  });
}

/** Begins a household whose note lies in the state folder. */
export function createHousehold(home: string, own: Ledger): Household {
  const marks = new Map<number, ProcessMark>();
  const graces = new Map<number, number>();
  const controller = new AbortController();
  const closing = controller.signal;

  const note = (): void => {
    writeLedger(home, { ...own, children: [...marks.values()] });
  };
  const end = async (pid: number): Promise<void> => {
    await endGroup(pid, graces.get(pid) ?? GRACE_MS);
    if (marks.delete(pid) && !closing.aborted) note();
  };

  return {
    closing,
    pids: () => [...marks.keys()],
    start: async (program) => {
      closing.throwIfAborted();
      const child = spawnProgram(program);
      const ended = watchEnd(child);
      const pid = child.pid;
      if (pid === undefined) {
        await ended;
        throw new Error(`${program.name} has no process id`);
      }
      const mark = markProcess(pid);
      if (mark !== undefined) marks.set(pid, mark);
      graces.set(pid, program.graceMs ?? GRACE_MS);
      note();
      const ending = (): Ending | undefined =>
        child.exitCode === null && child.signalCode === null
          ? undefined
          : { code: child.exitCode, signal: child.signalCode };
      return { pid, ended, ending };
    },
    end: ({ pid }) => end(pid),
    close: async () => {
      controller.abort(new Error("Everything is being ended"));
      await Promise.all([...marks.keys()].map(end));
    },
    kill: () => {
      controller.abort(new Error("Everything is being ended"));
      for (const pid of marks.keys()) void endGroup(pid, 0);
    },
  };
}
