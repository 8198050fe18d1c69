/**
 * What `npm test` runs: every check there is, in the order of tests/run/stages.ts, or the stages
 * named (`npm test -- unit e2e`). Ends with one line of counts; exit code 1 when anything failed,
 * 2 when a stage is unknown.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planStages } from "./run/plan.ts";
import { addCounts, countsLine, stageText, takeMeasurements } from "./run/report.ts";
import {
  oneCheck,
  type Counts,
  type RunContext,
  type Stage,
  type StageResult,
} from "./run/stage.ts";
import { STAGES } from "./run/stages.ts";
import { sweepGroups } from "./run/sweep.ts";

const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

function say(line: string): void {
  console.log(line);
}

/** A stage that could not even do its work is a failed one, and the others still run. */
function failedStage(error: unknown): StageResult {
  const output = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { counts: oneCheck(false), output };
}

async function runStage(stage: Stage, context: RunContext): Promise<StageResult> {
  const began = performance.now();
  const result = await stage.run(context).catch(failedStage);
  const measured = await takeMeasurements(context.state);
  const told = { ...result, notes: [...(result.notes ?? []), ...measured] };
  say(stageText(stage.name, told, performance.now() - began));
  return result;
}

async function runAll(rows: readonly (readonly Stage[])[], context: RunContext): Promise<Counts> {
  const failed = new Set<string>();
  const counts: Counts[] = [];
  for (const row of rows) {
    await Promise.all(
      row.map(async (stage) => {
        const obstacle = stage.needs.find((name) => failed.has(name));
        if (context.signal.aborted || obstacle !== undefined) {
          say(`- ${stage.name.padEnd(12)} not run: ${obstacle ?? "the run"} did not come through`);
          return;
        }
        const result = await runStage(stage, context);
        counts.push(result.counts);
        if (result.counts.failed > 0) {
          failed.add(stage.name);
        }
      }),
    );
  }
  return counts.length === 0 ? NOTHING : addCounts(counts);
}

async function main(names: readonly string[]): Promise<number> {
  const rows = planStages(STAGES, names);
  const ended = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), "latchkey-test-"));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      ended.abort();
    });
  }
  try {
    const context = { state: folder, build: join(folder, "build"), signal: ended.signal, say };
    const counts = await runAll(rows, context);
    say(`\n${countsLine(counts)}`);
    return counts.failed === 0 && !ended.signal.aborted ? 0 : 1;
  } finally {
    await sweepGroups(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
