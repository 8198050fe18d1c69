/** Every invariant on every door, and every mutant: what became of each, as one cell. */
import {
  type InvariantName,
  invariantNames,
  type ServerKind,
  whyNotPossible,
} from "../../../gateway/invariants.ts";
import { CHECKS } from "./checks.ts";
import type { Change } from "./doors.ts";
import { type MutantsOf, mutantsOf } from "./mutants.ts";
import { type FurnishingName, furnish, furnishingNames, KEYS } from "./room.ts";
import { servers } from "./servers.ts";

/** What one invariant came to on one kind of door. */
export interface Cell {
  readonly kind: ServerKind;
  readonly name: InvariantName;
  /** What was wrong with the real door, or with the trying itself. */
  wrong?: string;
  /** What was wrong with each mutant, by its name; undefined: it was not found out. */
  readonly mutants: Map<string, string | undefined>;
}

export type Matrix = readonly Cell[];

/** Doors that run at once: two cores have to run them, and what they are asked. */
const AT_ONCE = 4;

/** A table is wide enough without the keys of its run. */
function withoutKeys(text: string): string {
  return Object.entries(KEYS).reduce(
    (shorter, [name, key]) => shorter.replaceAll(key, `<${name}>`),
    text,
  );
}

/** Does something for cells, and tells them when it cannot be done. */
async function doFor(
  cells: readonly Cell[],
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    for (const cell of cells) cell.wrong ??= withoutKeys(`${what}: ${reason}`);
  }
}

/** The real door of a furnishing, on which its invariants are tried one after the other. */
async function tryDoor(
  kind: ServerKind,
  furnishing: FurnishingName,
  cells: readonly Cell[],
): Promise<void> {
  await using room = await furnish(kind, furnishing);
  for (const cell of cells) {
    await doFor([cell], "it could not be tried", async () => {
      const wrong = await CHECKS[cell.name].check(room);
      if (wrong !== undefined) cell.wrong = withoutKeys(wrong);
    });
  }
}

async function tryMutant(cell: Cell, mutant: string, change: Change): Promise<void> {
  const { furnishing, check } = CHECKS[cell.name];
  await using room = await furnish(cell.kind, furnishing, change);
  cell.mutants.set(mutant, await check(room));
}

function tasksOf(
  kind: ServerKind,
  cells: readonly Cell[],
  mutantsByName: MutantsOf,
): (() => Promise<void>)[] {
  const doors = furnishingNames().flatMap((furnishing) => {
    const its = cells.filter(({ name }) => CHECKS[name].furnishing === furnishing);
    if (its.length === 0) return [];
    return [() => doFor(its, "the door", () => tryDoor(kind, furnishing, its))];
  });
  const mutants = cells.flatMap((cell) =>
    Object.entries(mutantsByName[cell.name]).map(
      ([mutant, change]) =>
        () =>
          doFor([cell], `the mutant "${mutant}"`, () => tryMutant(cell, mutant, change)),
    ),
  );
  return [...doors, ...mutants];
}

/** All of them, a few at a time. */
async function inTurn(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = tasks.values();
  const worker = async (): Promise<void> => {
    for (const task of queue) await task();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Tries all that these kinds of doors can hold. */
export async function tryAll(kinds: readonly ServerKind[]): Promise<Matrix> {
  const all: Cell[] = [];
  const tasks: (() => Promise<void>)[] = [];
  for (const kind of kinds) {
    const cells = invariantNames()
      .filter((name) => whyNotPossible(name, kind) === undefined)
      .map((name): Cell => ({ kind, name, mutants: new Map() }));
    const { version } = await servers[kind]();
    all.push(...cells);
    tasks.push(...tasksOf(kind, cells, mutantsOf(kind, version)));
  }
  await inTurn(tasks);
  return all;
}

export const ALL_WELL = /^(?:ok, \d+ mutants? caught$|not possible: )/;

/** What stands in the table. */
export function tell(matrix: Matrix, name: InvariantName, kind: ServerKind): string {
  const reason = whyNotPossible(name, kind);
  if (reason !== undefined) return `not possible: ${reason}`;
  const cell = matrix.find((one) => one.name === name && one.kind === kind);
  if (cell === undefined) return "not tried: the server is missing";
  if (cell.wrong !== undefined) return `FAILS: ${cell.wrong}`;
  const { size } = cell.mutants;
  const unseen = [...cell.mutants].flatMap(([mutant, seen]) =>
    seen === undefined ? [mutant] : [],
  );
  if (size === 0) return "ok, but it has NO MUTANT";
  if (unseen.length > 0) return `ok, but NOT SEEN: ${unseen.join(", ")}`;
  return `ok, ${size} ${size === 1 ? "mutant" : "mutants"} caught`;
}
