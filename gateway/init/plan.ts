/** What is to be done, before anything is. */
import { DEFAULT_PORTS } from "../../lib/contract.ts";
import { findRunningDoor } from "../door/door-note.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { findRunning } from "../up/ledger.ts";
import type { Environment } from "../up/environment.ts";
import { choosePort } from "../up/ports.ts";
import { Problem } from "../up/problem.ts";
import type { Progress } from "../up/progress.ts";
import { type Answers, changesBetween, describeDoor } from "./answers.ts";
import { findEngine } from "./engine.ts";

export interface Plan {
  readonly before: GatewaySpec | undefined;
  readonly spec: GatewaySpec;
  /** What differs from before; nothing the first time. */
  readonly changes: readonly string[];
}

export interface PlanWish {
  readonly home: string;
  readonly env: Environment;
  readonly before: GatewaySpec | undefined;
  readonly answers: Answers;
  /** The port the door of this folder listens on now; undefined: it does not run. */
  readonly ownPort: number | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * An `up` writes the same files for the app it runs.
 *
 * @throws Problem while one runs, or another door is just being opened
 */
export function refuseBesideUp(home: string): void {
  if (findRunning(home) === undefined || findRunningDoor(home)?.isDetached === true) return;
  throw new Problem(
    "npm run up runs from this folder, with a door of its own, or another door is being opened.",
    "End it first: npm run latchkey -- stop",
  );
}

/** The door's port: the one asked for or described, else the first that is free. */
async function findPort(wish: PlanWish, spec: GatewaySpec): Promise<number> {
  const { before, answers, ownPort, progress } = wish;
  const { address: host, port } = spec.listen;
  if (port === ownPort) return port;
  const isFixed = answers.port !== undefined || before !== undefined;
  const named = isFixed ? port : undefined;
  const chosen = await choosePort({ named, from: DEFAULT_PORTS.door, host, option: "--port" });
  if (chosen.note !== undefined) progress.write(`  ${chosen.note}`);
  return chosen.port;
}

/**
 * Finds the Ollama and a port, and describes the door.
 *
 * @throws Problem or Error that says what cannot be, before anything is changed
 */
export async function makePlan(wish: PlanWish): Promise<Plan> {
  const { before, env, progress, signal } = wish;
  const engine = await progress.step("Ollama", async (step) => {
    const found = await findEngine(before, env, signal);
    step.say(found.seen);
    return found;
  });
  const wanted = describeDoor(wish.answers, before, engine.url);
  const port = await findPort(wish, wanted);
  const spec = describeDoor({ ...wish.answers, port }, before, engine.url);
  return { before, spec, changes: changesBetween(before, spec) };
}
