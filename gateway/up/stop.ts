import { setTimeout as delay } from "node:timers/promises";
import { cleanUp, readLedger } from "./ledger.ts";
import { stateFolder } from "./places.ts";
import { Problem } from "./problem.ts";
import { isRunning } from "./process-mark.ts";

const PATIENCE_MS = 15_000;

/**
 * Ends what runs from a state folder, after making sure that the process is really it, and what a killed
 * one left.
 *
 * @returns what there was: nothing, what a killed one left, or a running one
 * @throws Problem when it does not end
 */
export async function endRunning(home: string): Promise<"nothing" | "left" | "running"> {
  const ledger = readLedger(home);
  if (ledger === undefined) return "nothing";
  if (!isRunning(ledger)) {
    await cleanUp(home, ledger);
    return "left";
  }
  process.kill(ledger.pid, "SIGTERM");
  const deadline = performance.now() + PATIENCE_MS;
  while (isRunning(ledger) && performance.now() < deadline) await delay(50);
  if (isRunning(ledger)) {
    const { pid } = ledger;
    throw new Problem(`Process ${pid} does not end.`, `End it by force: kill -9 ${pid}`);
  }
  // Windows ends a process without letting it clean up.
  await cleanUp(home, ledger);
  return "running";
}

const SENTENCES = {
  nothing: "Nothing runs.",
  left: "Nothing ran any more; what was left is ended.",
  running: "Everything is ended.",
} as const;

/**
 * Ends a running `up` or door.
 *
 * @returns the exit code
 * @throws Problem when it does not end
 */
export async function stop(): Promise<number> {
  console.log(SENTENCES[await endRunning(stateFolder())]);
  return 0;
}
