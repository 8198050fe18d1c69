/** The command: from nothing to a proved door. */
import { findRunningDoor } from "../door/door-note.ts";
import { portOf } from "../spec/addresses.ts";
import { fitted } from "../terminal.ts";
import { listenForEnding } from "../up/ending.ts";
import { createPerson } from "../up/person.ts";
import { stateFolder } from "../up/places.ts";
import { Problem } from "../up/problem.ts";
import { createProgress, type Progress } from "../up/progress.ts";
import type { Answers } from "./answers.ts";
import { carryOut } from "./carry-out.ts";
import { makePlan, type Plan, refuseBesideUp } from "./plan.ts";
import { completeAnswers, createAsker, Unanswered } from "./questions.ts";
import { doneJson, doneText } from "./report.ts";
import { provideServer } from "./server.ts";
import { readSpecFile, specFile } from "./spec-file.ts";

export interface InitWish {
  readonly answers: Answers;
  /** There is no name: the address is asked for. */
  readonly isNameless: boolean;
  readonly isAsking: boolean;
  readonly isJson: boolean;
  readonly isDryRun: boolean;
}

/** @throws Problem when nobody answers */
async function askPerson({ answers, isNameless }: InitWish, signal: AbortSignal): Promise<Answers> {
  const asker = createAsker(process.stdin, process.stdout, signal);
  try {
    return await completeAnswers(answers, asker, isNameless);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Unanswered)) throw error;
    throw new Problem(
      `\n${error.message}`,
      "Give the answers as options (npm run latchkey -- init --help), with --yes to be asked nothing.",
    );
  } finally {
    asker.close();
  }
}

function sayPlan({ before, changes }: Plan, home: string, progress: Progress): void {
  if (before === undefined) progress.write(`A new door, described in ${specFile(home)}`);
  else if (changes.length === 0) progress.write("The door is described already; nothing changes.");
  else progress.write(["What changes:", ...changes.map((line) => `  ${line}`)].join("\n"));
}

function sayDryRun(plan: Plan, { isJson }: InitWish): number {
  const { spec, changes } = plan;
  if (isJson) console.log(JSON.stringify({ dryRun: true, spec, changes }));
  else console.log(`This would be written:\n${JSON.stringify(spec, undefined, 2)}`);
  return 0;
}

/** @returns the exit code; @throws what carryOut and makePlan do */
async function go(wish: InitWish, progress: Progress, signal: AbortSignal): Promise<number> {
  const { env } = process;
  const home = stateFolder();
  refuseBesideUp(home);
  const before = await readSpecFile(home);
  const isAsking = wish.isAsking && before === undefined;
  const answers = isAsking ? await askPerson(wish, signal) : wish.answers;
  const running = findRunningDoor(home);
  const ownPort = running === undefined ? undefined : portOf(running.address);
  const plan = await makePlan({ home, env, before, answers, ownPort, progress, signal });
  sayPlan(plan, home, progress);
  if (wish.isDryRun) return sayDryRun(plan, wish);
  const { spec, changes } = plan;
  const person = createPerson(progress, { isYes: !wish.isAsking, signal });
  const server = { kind: spec.server, home, env, person, progress, signal };
  const provide = () => provideServer(server);
  const outcome = await carryOut({ home, env, spec, provide, progress, signal });
  const done = { home, spec, changes, ...outcome };
  if (wish.isJson) console.log(JSON.stringify(await doneJson(done)));
  else console.log(fitted(await doneText(done)));
  return 0;
}

/**
 * Makes a door, starts it in the background and proves it.
 *
 * @returns the exit code
 * @throws Problem or Error with the reason; everything is as it was then
 */
export async function init(wish: InitWish): Promise<number> {
  const output = wish.isJson ? process.stderr : process.stdout;
  const isStyled = output.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  const ending = listenForEnding(() => process.exit(130));
  const progress = createProgress(output, { isStyled, signal: ending.signal });
  try {
    return await go(wish, progress, ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    progress.write("Stopped; everything is as it was.");
    return ending.code();
  } finally {
    ending.close();
  }
}
