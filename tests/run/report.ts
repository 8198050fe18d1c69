import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Counts, StageResult } from "./stage.ts";

/** `3 passed, 0 failed, 1 skipped`: the line that a run ends with. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

export function addCounts(all: readonly Counts[]): Counts {
  const sum = (key: keyof Counts): number => all.reduce((total, counts) => total + counts[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** One stage as a person reads it: a line with tick and time, then notes, then output if it failed. */
export function stageText(name: string, result: StageResult, milliseconds: number): string {
  const failed = result.counts.failed > 0;
  const seconds = (milliseconds / 1000).toFixed(1).padStart(6);
  const notes = (result.notes ?? []).map((note) => `    ${note}`);
  return [
    `${failed ? "✗" : "✓"} ${name.padEnd(12)}${seconds} s  ${countsLine(result.counts)}`,
    ...notes,
    ...(failed ? ["", result.output.trimEnd(), ""] : []),
  ].join("\n");
}

/** The figures that tests of the stage just run wrote down; each is told once. */
export async function takeMeasurements(state: string): Promise<readonly string[]> {
  const file = join(state, "measurements.txt");
  if (!existsSync(file)) {
    return [];
  }
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  await rm(file);
  return lines;
}
