import { existsSync, linkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hasErrorCode } from "../system-error.ts";
import { endGroup } from "./end-group.ts";
import { isRunning, markProcess, type ProcessMark } from "./process-mark.ts";
import { isRecord, readStateFile, removeStateFile, writeStateFile } from "./state-file.ts";

/**
 * The note of which processes belong to an `up`, kept from its first moment to its last. It keeps a
 * second `up` away, and tells whoever cleans up after a killed one what to end.
 */
export interface Ledger extends ProcessMark {
  readonly children: readonly ProcessMark[];
  /** What accessListPrint said when it started; undefined where nobody asks for it. */
  readonly accessPrint?: string;
}

const fileIn = (home: string): string => join(home, "processes.json");

function isMark(value: unknown): value is ProcessMark {
  return (
    isRecord(value) &&
    Number.isSafeInteger(value["pid"]) &&
    Number(value["pid"]) > 1 &&
    typeof value["started"] === "string"
  );
}

function isLedger(value: unknown): value is Ledger {
  if (!isRecord(value) || !isMark(value)) return false;
  const { children, accessPrint } = value;
  const hasPrint = accessPrint === undefined || typeof accessPrint === "string";
  return hasPrint && Array.isArray(children) && children.every(isMark);
}

/** The note in the state folder, if there is one. */
export function readLedger(home: string): Ledger | undefined {
  const value = readStateFile(fileIn(home));
  return isLedger(value) ? value : undefined;
}

/** The note of the `up` that runs from the state folder, if one does. */
export function findRunning(home: string): Ledger | undefined {
  const ledger = readLedger(home);
  return ledger !== undefined && isRunning(ledger) ? ledger : undefined;
}

/** Keeps the note up to date. */
export function writeLedger(home: string, ledger: Ledger): void {
  writeStateFile(fileIn(home), ledger);
}

/** Removes the notes of an `up` that has ended. */
export function removeLedger(home: string): void {
  removeStateFile(join(home, "running.json"));
  removeStateFile(join(home, "door.json"));
  removeStateFile(fileIn(home));
}

/** Ends what a killed `up` left running, as far as it is certainly its own, and removes its notes. */
export async function cleanUp(home: string, ledger: Ledger): Promise<void> {
  const left = ledger.children.filter(isRunning);
  await Promise.all(left.map(({ pid }) => endGroup(pid, 3_000)));
  const now = readLedger(home);
  // Another `up` may have cleaned up as well, and begun.
  if (now?.pid === ledger.pid && now.started === ledger.started) removeLedger(home);
}

/** Two that start at the same moment: a link is made by one of them only, and made whole. */
function createLedger(home: string, ledger: Ledger): boolean {
  const draft = join(home, `processes.${process.pid}`);
  writeStateFile(draft, ledger);
  try {
    linkSync(draft, fileIn(home));
    return true;
  } catch (error) {
    if (hasErrorCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Takes the state folder for this process, cleaning up after an `up` that was killed.
 *
 * @param accessPrint of the named keys it is to start with
 * @returns this process' note, or that of the running `up` that has the folder
 */
export async function claim(
  home: string,
  accessPrint?: string,
): Promise<{ readonly own: Ledger } | { readonly other: Ledger }> {
  const mark = markProcess(process.pid);
  if (mark === undefined) throw new Error("This process cannot see itself");
  const own = {
    ...mark,
    children: [],
    ...(accessPrint === undefined ? {} : { accessPrint }),
  };
  for (;;) {
    const found = readLedger(home);
    if (found !== undefined && isRunning(found)) return { other: found };
    if (found !== undefined) await cleanUp(home, found);
    // Whatever is there is not a note.
    else if (existsSync(fileIn(home))) removeLedger(home);
    if (createLedger(home, own)) return { own };
  }
}
