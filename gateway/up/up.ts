import { mkdirSync } from "node:fs";
import { accessListPrint } from "../access/list-file.ts";
import { findRunningDoor } from "../door/door-note.ts";
import { accessKeyFile, type Chain, startChain } from "./chain.ts";
import { listenForEnding } from "./ending.ts";
import { createHousehold } from "./household.ts";
import { claim, type Ledger, removeLedger } from "./ledger.ts";
import { createPerson } from "./person.ts";
import { LOOPBACK, type Place, type UpOptions } from "./place.ts";
import { ROOT, stateFolder } from "./places.ts";
import { Problem } from "./problem.ts";
import { createProgress, type Progress } from "./progress.ts";
import { readyText } from "./ready.ts";
import { readAppAddress, writeRunning } from "./running.ts";
import { startSentinel } from "./sentinel-process.ts";

/** When the person pressed Enter: the bootstrap says so, which may have installed packages since. */
function beginning(): number {
  const told = Number(process.env["LATCHKEY_STARTED_AT"]);
  return Number.isFinite(told) && told > 0 ? told : performance.timeOrigin;
}

const isStyled = (): boolean => process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";

function sayWhatBroke(progress: Progress, error: unknown): void {
  if (!(error instanceof Error)) throw error;
  progress.write(`\n${error.message}`);
  if (!(error instanceof Problem)) return;
  if (error.lastLines.length > 0) {
    progress.write(error.lastLines.map((line) => `    ${line}`).join("\n"));
  }
  progress.write(error.fix);
}

/** Whether anything was asked for that a chain which runs already cannot become. */
const isWish = ({ port, doorPort, host, isDev, isDemo }: UpOptions): boolean =>
  port !== undefined || doorPort !== undefined || host !== LOOPBACK || isDev || isDemo;

/** For the second `up`: 1 when it cannot do what it was asked for. */
async function sayOther(home: string, other: Ledger, options: UpOptions): Promise<number> {
  const door = findRunningDoor(home);
  if (door?.isDetached === true) {
    console.log(`A door runs here by itself: ${door.address} (process ${other.pid}).`);
    console.log("To end it: npm run latchkey -- stop, then this again");
    return 1;
  }
  const app = readAppAddress(home);
  const state = app === undefined ? "is starting already" : `runs already: ${app}`;
  const { pid, accessPrint } = other;
  console.log(`Latchkey ${state} (process ${pid}).`);
  const isIgnored = isWish(options);
  if (isIgnored) console.log("Your options are not used, because it does.");
  const isStale = accessPrint !== undefined && accessPrint !== (await accessListPrint(home));
  if (isStale) console.log("The list of access keys has changed since; the old one is in force.");
  const again = isIgnored || isStale ? ", then this again" : "";
  console.log(`To end it: npm run latchkey -- stop${again}`);
  return isIgnored ? 1 : 0;
}

/** The words for a chain that answers, and the note of it, which is written again when a part is. */
function describeReady(place: Place, { host }: UpOptions, chain: Chain, sentinelPid: number) {
  const readyInMs = Math.round(Date.now() - beginning());
  const { app, door, note: engine, accessKey, advice } = chain;
  const keyFile = accessKeyFile(place.home);
  const from = process.env["INIT_CWD"] ?? process.cwd();
  const isPublic = place.env["PUBLIC_ACCESS"] === "true";
  return {
    text: readyText({ app, accessKey, keyFile, host, readyInMs, isPublic, advice }, from),
    write: (): void => {
      const pids = [...place.household.pids(), sentinelPid];
      writeRunning(place.home, { app, door, engine, pid: process.pid, pids, readyInMs });
    },
  };
}

/**
 * Runs the whole chain in the foreground until a signal ends it.
 *
 * @returns the exit code
 */
export async function up(options: UpOptions): Promise<number> {
  const home = stateFolder();
  mkdirSync(home, { recursive: true, mode: 0o700 });
  // A terminal that was closed takes no more lines; the signal that says so is on its way.
  process.stdout.on("error", () => undefined);
  const claimed = await claim(home, await accessListPrint(home));
  if ("other" in claimed) return sayOther(home, claimed.other, options);

  const household = createHousehold(home, claimed.own);
  const ending = listenForEnding(() => {
    household.kill();
  });
  const { signal } = ending;
  // A build that is waited for ends only when it is ended.
  signal.addEventListener("abort", () => void household.close(), { once: true });
  const sentinel = await startSentinel(home);
  const progress = createProgress(process.stdout, { isStyled: isStyled(), signal });
  let ready: ReturnType<typeof describeReady> | undefined;
  const place: Place = {
    root: ROOT,
    home,
    env: process.env,
    household,
    progress,
    person: createPerson(progress, { isYes: options.isYes, signal }),
    signal,
    watching: {
      say: (line) => {
        progress.write(`${new Date().toLocaleTimeString("en-GB")} ${line}`);
      },
      onBack: () => ready?.write(),
    },
  };
  try {
    ready = describeReady(place, options, await startChain(place, options), sentinel.pid);
    ready.write();
    progress.write(ready.text);
    await ending.wished;
    return 0;
  } catch (error) {
    if (signal.aborted) return ending.code();
    sayWhatBroke(progress, error);
    return 1;
  } finally {
    await household.close();
    removeLedger(home);
    await sentinel.close();
    ending.close();
    if (signal.aborted) progress.write(ready === undefined ? "Stopped." : "\nEverything is ended.");
  }
}
