/** Starts a door that goes on when the command that started it has ended; `stop` ends it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { publicEnvironment } from "../bootstrap/environment.mjs";
import { PROGRAM } from "../one-file.ts";
import { findRunning } from "../up/ledger.ts";
import { lastLines } from "../up/log-tail.ts";
import { Problem } from "../up/problem.ts";
import type { ProcessMark } from "../up/process-mark.ts";
import { readAppAddress } from "../up/running.ts";
import { findRunningDoor } from "./door-note.ts";
import { watcherLog } from "./open-door.ts";
import type { Environment } from "./program.ts";

const startedSchema = z.strictObject({
  address: z.string(),
  pid: z.int(),
  notes: z.array(z.string()).readonly(),
});
const problemSchema = z.strictObject({
  problem: z.strictObject({
    message: z.string(),
    fix: z.string(),
    lastLines: z.array(z.string()).readonly(),
  }),
});
const outcomeSchema = z.union([startedSchema, problemSchema]);

/** What the watching process says of its start. */
export type Outcome = z.infer<typeof outcomeSchema>;

/** A door that runs detached. */
export interface DetachedDoor {
  /** Where this computer finds it. */
  readonly address: string;
  /** The process that watches it. */
  readonly pid: number;
  /** What is dangerous, or what its server does not hold: to be told each time. */
  readonly notes: readonly string[];
}

/** For the second one on a state folder: who runs there. */
export function alreadyRuns(home: string, { pid }: ProcessMark): Problem {
  const door = findRunningDoor(home);
  const app = readAppAddress(home);
  const what =
    door?.isDetached === true
      ? `A door runs already: ${door.address}`
      : `npm run up ${app === undefined ? "is starting" : `runs already: ${app}`}`;
  return new Problem(`${what} (process ${pid}).`, "End it first: npm run latchkey -- stop");
}

/** A path that does not depend on the folder the command was typed in. */
const pathOf = (named: string): string => (/[\\/]/.test(named) ? resolve(named) : named);

function watcherEnvironment(home: string, env: Environment): Record<string, string> {
  const named = ["CADDY_BIN", "NGINX_BIN"].flatMap((name): [string, string][] => {
    const value = env[name];
    return value === undefined || value === "" ? [] : [[name, pathOf(value)]];
  });
  return { ...publicEnvironment(env), ...Object.fromEntries(named), LATCHKEY_HOME: home };
}

function spawnWatcher(home: string, env: Environment): ChildProcess {
  const log = openSync(watcherLog(home), "a", 0o600);
  try {
    return spawn(process.execPath, [PROGRAM, "--part=door"], {
      cwd: home,
      env: { ...watcherEnvironment(home, env), NODE_ENV: "production" },
      detached: true,
      windowsHide: true,
      stdio: ["ignore", "pipe", log],
    });
  } finally {
    closeSync(log);
  }
}

/** Its one line; undefined when it ended without. */
async function readOutcome(child: ChildProcess): Promise<Outcome | undefined> {
  if (child.stdout === null) return undefined;
  const lines = createInterface({ input: child.stdout });
  const failed = once(child, "error").then(([error]: unknown[]) => {
    throw error instanceof Error ? error : new Error(String(error));
  });
  const [line]: unknown[] = await Promise.race([
    once(lines, "line"),
    once(lines, "close").then(() => [undefined]),
    failed,
  ]);
  lines.close();
  return line === undefined ? undefined : outcomeSchema.parse(JSON.parse(z.string().parse(line)));
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/**
 * Starts the door that latchkey.json of the state folder describes, and lets it go on by itself. A
 * small process of ours watches it: starts it again when it dies, ends old keys, puts logs aside.
 *
 * @returns once it is open
 * @throws Problem that says who runs there already, who holds the port, or what its server refuses
 */
export async function startDetached(home: string, env: Environment): Promise<DetachedDoor> {
  const other = findRunning(home);
  if (other !== undefined) throw alreadyRuns(home, other);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const child = spawnWatcher(home, env);
  try {
    const outcome = await readOutcome(child);
    // Whoever tries again, or puts files back, is not to meet it while it clears up.
    if (outcome === undefined || "problem" in outcome) await ended(child);
    if (outcome === undefined) {
      throw new Problem(
        "The process that watches the door ended at once.",
        `Look at ${watcherLog(home)}.`,
        lastLines(watcherLog(home)),
      );
    }
    if (!("problem" in outcome)) return outcome;
    const { message, fix, lastLines: said } = outcome.problem;
    throw fix === "" ? new Error(message) : new Problem(message, fix, said);
  } finally {
    child.stdout?.destroy();
    child.unref();
  }
}
