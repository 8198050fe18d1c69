/** What `npm run bench:ui` runs: the chat page in Chromium beside a floor page, a production build. */
import { machineFacts, machineText } from "../machine.ts";
import { chosen, keepFound, runBench } from "../program.ts";
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

function keep(reports: readonly UiReport[], facts: Readonly<Record<string, unknown>>): void {
  const measurements = reports.map(({ figures, ...report }) => ({
    ...report,
    figures: figures.map((figure) => ({ ...figure, verdict: verdict(figure) })),
  }));
  keepFound("bench-ui", { ...facts, measurements });
}

async function measure({ names, runs }: UiOptions, folder: string): Promise<number> {
  const machine = machineFacts();
  await using chain = await startUiChain(folder);
  const chromium = chain.browser.version();
  console.log(`${machineText(machine)}, Chromium ${chromium}; medians of ${runs}\n`);
  const reports: UiReport[] = [];
  for (const measurement of chosen(MEASUREMENTS, names)) {
    const report = await measurement.run({ chain, runs });
    reports.push(report);
    console.log(uiReportText(report));
    keep(reports, { machine: { ...machine, chromium }, runs });
  }
  return 0;
}

await runBench({
  name: "bench-ui",
  usage: USAGE,
  limitMs: 30 * 60_000,
  readOptions: (args) => {
    const options = readOptions(args);
    chosen(MEASUREMENTS, options.names);
    return options;
  },
  measure,
});
