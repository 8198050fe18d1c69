/**
 * Waits beside an `up` and outlives it by a moment. Its input is a pipe that `up` holds open; when
 * it breaks with the note of that `up` still there, `up` was killed without a chance to end its
 * children, and this process ends them instead.
 *
 * Run as the part `sentinel` of the program: `--part=sentinel STATE_FOLDER PID`.
 */
import { cleanUp, readLedger } from "./ledger.ts";

const [home, pid] = process.argv.slice(2);

process.stdin.resume();
process.stdin.once("close", () => {
  const ledger = home === undefined ? undefined : readLedger(home);
  if (home === undefined || ledger === undefined || String(ledger.pid) !== pid) return;
  void cleanUp(home, ledger);
});
