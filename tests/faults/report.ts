import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect } from "vitest";

/** One row of a fault table: what went wrong, and what each kind of caller was told. */
export type Row = readonly [fault: string, ...outcomes: string[]];

/**
 * Collects the rows of a file and prints them when it is done; `npm test` shows them below its stage. Also sees to
 * it that no row leaves a rejection behind that nobody handles.
 */
export function faultTable(title: string, columns: readonly string[]): (row: Row) => void {
  const rows: Row[] = [];
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);
  process.on("unhandledRejection", note);
  afterEach(async () => {
    // They are told of after the tasks of this turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(rejections.splice(0)).toEqual([]);
  });
  afterAll(() => {
    process.off("unhandledRejection", note);
    tellBelow(render(title, [["", ...columns], ...rows]));
  });
  return (row) => void rows.push(row);
}

function render(title: string, rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${title} (${rows.length - 1} rows)\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

/** Prints whole lines; `npm test` has them below the stage (tests/helpers/measurement.ts). */
export function tellBelow(lines: string): void {
  const folder = process.env["LATCHKEY_TEST_STATE"];
  if (folder === undefined) console.log(lines);
  else appendFileSync(join(folder, "measurements.txt"), lines);
}
