/** What `npm run bench` runs: the relay beside a floor and beside `streamText`, in one production build. */
import { machineFacts, machineText } from "./machine.ts";
import { cpuFast } from "./measure/cpu-fast.ts";
import { cpuPaced } from "./measure/cpu-paced.ts";
import { door } from "./measure/door.ts";
import { firstToken } from "./measure/first-token.ts";
import { flat } from "./measure/flat.ts";
import { importTime } from "./measure/import-time.ts";
import { thousand } from "./measure/thousand.ts";
import type { Measurement } from "./measurement.ts";
import { openBench } from "./open.ts";
import { readOptions, USAGE, type Options } from "./options.ts";
import { chosen, keepFound, runBench } from "./program.ts";
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

function keep(reports: readonly Report[], facts: Readonly<Record<string, unknown>>): void {
  const measurements = reports.map(({ rows, ...report }) => ({
    ...report,
    rows: rows.map((row) => ({ ...row, judged: judged(row), verdict: verdict(row) })),
  }));
  keepFound("bench", { ...facts, measurements });
}

async function measure(options: Options, folder: string, signal: AbortSignal): Promise<number> {
  const { settings, names } = options;
  const machine = machineFacts();
  console.log(`${machineText(machine)}\n`);
  await using bench = await openBench({ settings, folder, signal });
  const reports: Report[] = [];
  for (const measurement of chosen(MEASUREMENTS, names)) {
    const report = await measurement.run(bench);
    reports.push(report);
    console.log(reportText(report));
    keep(reports, { machine, settings, leftOut: bench.leftOut, problems: bench.problems });
  }
  for (const problem of new Set(bench.problems)) console.log(`✗ ${problem}`);
  return bench.problems.length === 0 ? 0 : 1;
}

await runBench({
  name: "bench",
  usage: USAGE,
  // Twenty on an idle machine of two cores; a slow one takes its time.
  limitMs: 40 * 60_000,
  readOptions: (args) => {
    const options = readOptions(args);
    chosen(MEASUREMENTS, options.names);
    const unknown = options.settings.only.filter((name) => !isKnown(name));
    if (unknown.length > 0) throw new Error(`There is no variant ${unknown.join(", ")}.`);
    return options;
  },
  measure,
});
