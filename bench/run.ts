/**
 * What `npm run bench` runs: the relay beside a floor and beside `streamText`, in one production build.
 * A target that is missed is told, not punished; exit code 1 is for broken streams and failures, 2 for
 * wrong usage.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../tests/helpers/copy-tree.ts";
import { buildForBench } from "./build.ts";
import { endOfRun } from "./end-of-run.ts";
import { machineFacts, machineText } from "./machine.ts";
import { door } from "./measure/door.ts";
import { cpuFast } from "./measure/cpu-fast.ts";
import { cpuPaced } from "./measure/cpu-paced.ts";
import { firstToken } from "./measure/first-token.ts";
import { flat } from "./measure/flat.ts";
import { importTime } from "./measure/import-time.ts";
import { thousand } from "./measure/thousand.ts";
import type { Measurement } from "./measurement.ts";
import { openBench } from "./open.ts";
import { readOptions, USAGE, type Options } from "./options.ts";
import { judged, reportText, verdict, type Report } from "./report.ts";
import { isKnown } from "./variants.ts";

const MEASUREMENTS: readonly Measurement[] = [
  importTime,
  firstToken,
  cpuFast,
  flat,
  cpuPaced,
  thousand,
  door,
];
/** A run that takes longer than this hangs. */
const LIMIT_MS = 20 * 60_000;
const STATE = join(ROOT, ".latchkey");

/** @throws Error that names what there is not */
function chosen(names: readonly string[]): readonly Measurement[] {
  const unknown = names.filter((name) => !MEASUREMENTS.some((each) => each.name === name));
  if (unknown.length > 0) throw new Error(`There is no measurement ${unknown.join(", ")}.`);
  return MEASUREMENTS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Keeps what was found so far, below what git ignores. */
function keep(reports: readonly Report[], facts: Readonly<Record<string, unknown>>): void {
  const measurements = reports.map(({ rows, ...report }) => ({
    ...report,
    rows: rows.map((row) => ({ ...row, judged: judged(row), verdict: verdict(row) })),
  }));
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  const kept = { at: new Date().toISOString(), ...facts, measurements };
  writeFileSync(join(STATE, "bench.json"), `${JSON.stringify(kept, null, 2)}\n`);
}

async function measureAll(options: Options, folder: string, signal: AbortSignal): Promise<number> {
  const { settings, names } = options;
  const machine = machineFacts();
  console.log(`${machineText(machine)}\n`);
  await using bench = await openBench({ settings, folder, signal });
  const reports: Report[] = [];
  for (const measurement of chosen(names)) {
    const report = await measurement.run(bench);
    reports.push(report);
    console.log(reportText(report));
    keep(reports, { machine, settings, leftOut: bench.leftOut, problems: bench.problems });
  }
  for (const problem of new Set(bench.problems)) console.log(`✗ ${problem}`);
  return bench.problems.length === 0 ? 0 : 1;
}

async function main(options: Options): Promise<number> {
  const { build } = options;
  const folder = build ?? mkdtempSync(join(tmpdir(), "latchkey-bench-"));
  const cleanUp = (): void => {
    if (build === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const signal = endOfRun(LIMIT_MS, cleanUp);
  try {
    console.log("Building the app, with the bench's own routes beside it ...");
    await buildForBench(folder, signal);
    return await measureAll(options, folder, signal);
  } finally {
    cleanUp();
  }
}

function readArguments(): Options | undefined {
  try {
    const options = readOptions(process.argv.slice(2));
    chosen(options.names);
    const unknown = options.settings.only.filter((name) => !isKnown(name));
    if (unknown.length > 0) throw new Error(`There is no variant ${unknown.join(", ")}.`);
    if (!options.help) return options;
    console.log(USAGE);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}

const options = readArguments();
if (options !== undefined) {
  try {
    process.exitCode = await main(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
