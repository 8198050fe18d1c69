import { setTimeout as delay } from "node:timers/promises";
import { cleanUp, readLedger } from "./ledger.ts";
import { stateFolder } from "./places.ts";
import { isRunning } from "./process-mark.ts";

const PATIENCE_MS = 15_000;

/**
 * Ends a running `up`, after making sure that the process is really it, and what a killed one left.
 *
 * @returns the exit code
 */
export async function stop(): Promise<number> {
  const home = stateFolder();
  const ledger = readLedger(home);
  if (ledger === undefined) {
    console.log("Nothing runs.");
    return 0;
  }
  if (!isRunning(ledger)) {
    await cleanUp(home, ledger);
    console.log("Nothing ran any more; what was left is ended.");
    return 0;
  }
  process.kill(ledger.pid, "SIGTERM");
  const deadline = performance.now() + PATIENCE_MS;
  while (isRunning(ledger) && performance.now() < deadline) await delay(50);
  if (isRunning(ledger)) {
    console.error(`Process ${ledger.pid} does not end. End it by force: kill -9 ${ledger.pid}`);
    return 1;
  }
  // Windows ends a process without letting it clean up.
  await cleanUp(home, ledger);
  console.log("Everything is ended.");
  return 0;
}
