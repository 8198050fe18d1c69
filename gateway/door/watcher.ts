/**
 * The process that watches a detached door, and ends with it. Run as `--part=door` with LATCHKEY_HOME;
 * says on standard output, in one line of JSON, what became of the start, and the rest in its log.
 */
import { readSpecFile } from "../init/spec-file.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { listenForEnding } from "../up/ending.ts";
import { createHousehold, type Household } from "../up/household.ts";
import { claim, removeLedger } from "../up/ledger.ts";
import { stateFolder } from "../up/places.ts";
import { choosePort } from "../up/ports.ts";
import { Problem } from "../up/problem.ts";
import { reservePort } from "../up/reservation.ts";
import { startSentinel } from "../up/sentinel-process.ts";
import { openDoor } from "./open-door.ts";
import { findProgram, notesOn } from "./program.ts";
import { alreadyRuns, type DetachedDoor, type Outcome } from "./run.ts";

const PORT_OPTION = "listen.port in latchkey.json";

function tell(outcome: Outcome): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

function say(line: string): void {
  console.error(`${new Date().toISOString()} ${line}`);
}

/** @throws Problem that names who holds the port of the description */
async function takePort({ listen }: GatewaySpec, { closing }: Household): Promise<void> {
  const { port, address } = listen;
  await choosePort({ named: port, from: port, host: address, option: PORT_OPTION });
  const holder = await reservePort(port, closing);
  if (holder === undefined) return;
  const who = typeof holder === "string" ? holder : `${holder.name} (process ${holder.pid})`;
  throw new Problem(
    `Port ${port} is taken by ${who}.`,
    `End it, or choose another ${PORT_OPTION}.`,
  );
}

async function open(home: string, household: Household): Promise<DetachedDoor> {
  const spec = await readSpecFile(home);
  if (spec === undefined) {
    throw new Problem(
      "There is no latchkey.json, which tells what the door is to be.",
      "Make one: npm run latchkey -- init",
    );
  }
  const program = await findProgram(spec.server, process.env);
  await takePort(spec, household);
  const address = await openDoor({
    home,
    spec,
    isDescribed: false,
    program,
    env: process.env,
    household,
    watching: { say, onBack: () => undefined },
    portOption: PORT_OPTION,
    isDetached: true,
  });
  return { address, pid: process.pid, notes: notesOn(spec, program) };
}

function outcomeOf(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Problem)) return { problem: { message, fix: "", lastLines: [] } };
  return { problem: { message, fix: error.fix, lastLines: error.lastLines } };
}

async function watch(home: string): Promise<number> {
  const claimed = await claim(home);
  if ("other" in claimed) {
    tell(outcomeOf(alreadyRuns(home, claimed.other)));
    return 1;
  }
  const household = createHousehold(home, claimed.own);
  const ending = listenForEnding(() => household.kill());
  ending.signal.addEventListener("abort", () => void household.close(), { once: true });
  const sentinel = await startSentinel(home);
  try {
    tell(await open(home, household));
    await ending.wished;
    return 0;
  } catch (error) {
    if (ending.signal.aborted) return ending.code();
    say(error instanceof Error ? error.message : String(error));
    tell(outcomeOf(error));
    return 1;
  } finally {
    await household.close();
    removeLedger(home);
    await sentinel.close();
    ending.close();
  }
}

// Whoever started it is gone once it has told.
process.stdout.on("error", () => undefined);
process.exitCode = await watch(stateFolder());
