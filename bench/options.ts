import { parseArgs } from "node:util";
import type { Settings } from "./measurement.ts";
import type { BenchOptions } from "./program.ts";

export const USAGE = `npm run bench -- [NAME...] [--quick] [--only=VARIANTS] [--seconds=N]

  NAME             cpu-fast, cpu-paced, first-token, thousand, import-time, flat; all when absent
  --quick          small sizes, to see that it works
  --only=VARIANTS  a comma list, such as /api/chat,streamText
  --seconds=N      of each sample at a real pace (4; quick: 1)
  --build=FOLDER   keeps the measured build there, and takes it again as it is`;

export interface Options extends BenchOptions {
  readonly settings: Settings;
}

/** @throws Error that says what is wrong with an argument */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", default: "" },
      seconds: { type: "string" },
      build: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { quick, only, build, help } = values;
  const seconds = Number(values.seconds ?? (quick ? "1" : "4"));
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 60) {
    throw new Error("--seconds wants a whole number from 1 to 60");
  }
  const settings = { quick, only: only.split(",").filter((name) => name !== ""), seconds };
  return { names: positionals, settings, build, help };
}
