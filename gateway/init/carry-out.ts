/** Does what was planned, or leaves everything as it was. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { keysText, putTexts, writeDoorFiles } from "../door/door-files.ts";
import { type DoorNote, findRunningDoor, writeDoorNote } from "../door/door-note.ts";
import { keyLists, readDoorKeys, withDoorLock } from "../door/key-store.ts";
import { type DoorProgram, notesOn } from "../door/program.ts";
import { startDetached } from "../door/run.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import type { Environment } from "../up/environment.ts";
import { Problem } from "../up/problem.ts";
import type { Progress } from "../up/progress.ts";
import { endRunning } from "../up/stop.ts";
import { provideSecrets, type Secrets } from "./keys.ts";
import { type Proof, proveStarted } from "./proof.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";

export interface Work {
  readonly home: string;
  readonly env: Environment;
  readonly spec: GatewaySpec;
  /** Finds the door's server, or installs it. */
  readonly provide: () => Promise<DoorProgram>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Outcome {
  /** What is to be told each time. */
  readonly notes: readonly string[];
  readonly secrets: Secrets;
  readonly proof: Proof;
}

interface Written extends Omit<Outcome, "proof"> {
  readonly program: DoorProgram;
}

/** Keys and files, tried by the server itself; the door that runs is not touched. */
async function write(work: Work): Promise<Written> {
  const { home, env, spec, provide, progress } = work;
  await mkdir(home, { recursive: true, mode: 0o700 });
  const program = await provide();
  const notes = notesOn(spec, program);
  for (const note of notes) progress.write(note);
  const secrets = await progress.step("Keys", async (step) => {
    const made = await provideSecrets(home, spec);
    step.say(made.newDoorKey === undefined ? "as they were" : "made");
    return made;
  });
  await progress.step("Files", async (step) => {
    await writeDoorFiles(home, { spec, keys: keyLists(secrets.keys), program, env });
    step.say(`taken by ${program.kind} ${program.version}`);
  });
  return { program, secrets, notes };
}

/** What a running door cannot change: it would have to be another process, or to listen elsewhere. */
function bound({ server, listen, tls, name, publicAddress }: GatewaySpec): string {
  return JSON.stringify([server, listen, tls, name, publicAddress]);
}

/** Brings the written files into force. */
interface Turn {
  readonly forth: () => Promise<unknown>;
  /** To be done before the files are as they were. */
  readonly away: () => Promise<unknown>;
  /** To be done after that. */
  readonly back: () => Promise<void>;
}

/** The running door takes the files, and no stream breaks. */
function takeOver({ home, env, spec }: Work, program: DoorProgram, running: DoorNote): Turn {
  const take = async (inForce: GatewaySpec): Promise<void> => {
    await program.reload(home, env);
    writeDoorNote(home, { ...running, spec: inForce });
  };
  return {
    forth: () => take(spec),
    away: async () => undefined,
    back: async () => {
      // The keys of now, which somebody may have changed meanwhile, in the file that the door reads.
      const keys = keyLists(await readDoorKeys(home));
      const text = keysText({ spec: running.spec, keys }, program);
      await putTexts(home, new Map([[program.files.keys, text]]));
      await take(running.spec);
    },
  };
}

/** Another door is started in place of the one that runs, if one does. */
function startAnew({ home, env }: Work, running: DoorNote | undefined): Turn {
  return {
    forth: async () => {
      await endRunning(home);
      await startDetached(home, env);
    },
    away: () => endRunning(home),
    back: async () => {
      if (running !== undefined) await startDetached(home, env);
    },
  };
}

function turnOf(work: Work, program: DoorProgram, running: DoorNote | undefined): Turn {
  const canTake =
    process.platform !== "win32" &&
    running?.program === program.path &&
    bound(running.spec) === bound(work.spec);
  return canTake ? takeOver(work, program, running) : startAnew(work, running);
}

async function prove({ home, env, spec, progress }: Work): Promise<Proof> {
  return progress.step("Proof", async (step) => {
    const proof = await proveStarted(spec, home, env);
    step.say(proof.summary);
    return proof;
  });
}

/** The files that a failed start points to are taken back: what they said goes with the reason. */
function withLines(error: unknown): unknown {
  if (!(error instanceof Problem) || error.lastLines.length === 0) return error;
  const said = error.lastLines.map((line) => `    ${line}`).join("\n");
  return new Problem(
    `${error.message} It said:\n${said}`,
    "Put right what these lines tell, then run this again.",
  );
}

/** While no command changes the keys; in a folder that was not there before there are none to wait for. */
async function putBack(home: string, snapshot: Snapshot): Promise<void> {
  if (!existsSync(home)) return;
  try {
    await withDoorLock(home, snapshot.restore);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // A lock that was left behind must not keep the files from being as they were.
    await snapshot.restore();
  }
}

/**
 * Writes, starts and proves the door. When a step fails, the files are as they were, and a door that
 * ran before runs again.
 *
 * @throws the reason
 */
export async function carryOut(work: Work): Promise<Outcome> {
  const { home, spec, progress, signal } = work;
  const snapshot = await takeSnapshot(home);
  const running = findRunningDoor(home);
  let turn: Turn | undefined;
  try {
    const { program, ...written } = await write(work);
    await snapshot.noteWritten();
    signal.throwIfAborted();
    const begun = turnOf(work, program, running);
    turn = begun;
    await progress.step("Door", async (step) => {
      await begun.forth();
      step.say(`${spec.listen.address}:${spec.listen.port}`);
    });
    signal.throwIfAborted();
    const proof = await prove(work);
    // A proof takes seconds, and goes on to its end.
    signal.throwIfAborted();
    return { ...written, proof };
  } catch (error) {
    await turn?.away();
    await putBack(home, snapshot);
    await turn?.back();
    throw withLines(error);
  }
}
