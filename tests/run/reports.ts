import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Counts } from "./stage.ts";

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const playwrightReport = z.object({
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
});

function vitestCounts(report: unknown): Counts {
  const read = vitestReport.parse(report);
  // A file that cannot even be loaded has no tests to count, and is a failure all the same.
  const broken = read.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: read.numPassedTests,
    failed: read.numFailedTests + broken.length,
    skipped: read.numPendingTests + read.numTodoTests,
  };
}

function playwrightCounts(report: unknown): Counts {
  const { expected, unexpected, flaky, skipped } = playwrightReport.parse(report).stats;
  return { passed: expected, failed: unexpected + flaky, skipped };
}

const READERS = { vitest: vitestCounts, playwright: playwrightCounts } as const;

/**
 * The counts that a test runner wrote to `file`. A runner that failed without a failed test (it
 * crashed, or found no tests) counts as one failure, so that no failure is ever told as success.
 *
 * @param ok whether the runner ended with exit code 0
 */
export async function readCounts(
  runner: keyof typeof READERS,
  file: string,
  ok: boolean,
): Promise<Counts> {
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  let readable = true;
  try {
    counts = READERS[runner](JSON.parse(await readFile(file, "utf8")));
  } catch {
    readable = false;
  }
  const failedUncounted = counts.failed === 0 && (!ok || !readable);
  return failedUncounted ? { ...counts, failed: 1 } : counts;
}
