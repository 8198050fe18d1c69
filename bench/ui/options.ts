import { parseArgs } from "node:util";
import type { BenchOptions } from "../program.ts";

export const USAGE = `npm run bench:ui -- [NAME...] [--quick] [--build=FOLDER]

  NAME             load, stream, stored, chats, heap; all when absent
  --quick          one run instead of three, to see that it works
  --build=FOLDER   keeps the measured build there, and takes it again as it is`;

export interface UiOptions extends BenchOptions {
  /** Runs of which the median is told. */
  readonly runs: number;
}

const RUNS = 3;

/** @throws Error that says what is wrong with an argument */
export function readOptions(args: readonly string[]): UiOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      build: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { quick, build, help } = values;
  return { names: positionals, runs: quick ? 1 : RUNS, build, help };
}
