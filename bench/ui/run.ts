/**
 * What `npm run bench:ui` runs: the chat page in Chromium beside a floor page, a production build.
 * A target that is missed is told, not punished; exit code 1 is for failures, 2 for wrong usage.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../tests/helpers/copy-tree.ts";
import { buildForBench } from "../build.ts";
import { endOfRun } from "../end-of-run.ts";
import { machineFacts, machineText } from "../machine.ts";
import { startUiChain } from "./chain.ts";
import { chats } from "./measure/chats.ts";
import { heap } from "./measure/heap.ts";
import { load } from "./measure/load.ts";
import { stored } from "./measure/stored.ts";
import { stream } from "./measure/stream.ts";
import type { UiMeasurement } from "./measurement.ts";
import { readOptions, USAGE, type UiOptions } from "./options.ts";
import { uiReportText, verdict, type UiReport } from "./report.ts";

const MEASUREMENTS: readonly UiMeasurement[] = [load, stream, stored, chats, heap];
/** A run that takes longer than this hangs. */
const LIMIT_MS = 30 * 60_000;
const STATE = join(ROOT, ".latchkey");

/** @throws Error that names what there is not */
function chosen(names: readonly string[]): readonly UiMeasurement[] {
  const unknown = names.filter((name) => !MEASUREMENTS.some((each) => each.name === name));
  if (unknown.length > 0) throw new Error(`There is no measurement ${unknown.join(", ")}.`);
  return MEASUREMENTS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Keeps what was found so far, below what git ignores. */
function keep(reports: readonly UiReport[], facts: Readonly<Record<string, unknown>>): void {
  const measurements = reports.map(({ figures, ...report }) => ({
    ...report,
    figures: figures.map((figure) => ({ ...figure, verdict: verdict(figure) })),
  }));
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  const kept = { at: new Date().toISOString(), ...facts, measurements };
  writeFileSync(join(STATE, "bench-ui.json"), `${JSON.stringify(kept, null, 2)}\n`);
}

async function measureAll({ names, runs }: UiOptions, folder: string): Promise<void> {
  const machine = machineFacts();
  await using chain = await startUiChain(folder);
  const chromium = chain.browser.version();
  console.log(`${machineText(machine)}, Chromium ${chromium}; medians of ${runs}\n`);
  const reports: UiReport[] = [];
  for (const measurement of chosen(names)) {
    const report = await measurement.run({ chain, runs });
    reports.push(report);
    console.log(uiReportText(report));
    keep(reports, { machine: { ...machine, chromium }, runs });
  }
}

async function main(options: UiOptions): Promise<void> {
  const { build } = options;
  const folder = build ?? mkdtempSync(join(tmpdir(), "latchkey-bench-ui-"));
  const cleanUp = (): void => {
    if (build === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const signal = endOfRun(LIMIT_MS, cleanUp);
  try {
    console.log("Building the app ...");
    await buildForBench(folder, signal);
    await measureAll(options, folder);
  } finally {
    cleanUp();
  }
}

function readArguments(): UiOptions | undefined {
  try {
    const options = readOptions(process.argv.slice(2));
    chosen(options.names);
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
    await main(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
