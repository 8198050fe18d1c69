/** What every bench's command does: its arguments, its build, its measurements one by one, its end. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../tests/helpers/copy-tree.ts";
import { buildForBench } from "./build.ts";
import { endOfRun } from "./end-of-run.ts";

export interface BenchOptions {
  /** Of measurements; empty: all. */
  readonly names: readonly string[];
  /** Undefined: a folder of its own, removed at the end. */
  readonly build: string | undefined;
  readonly help: boolean;
}

export interface BenchProgram<Options extends BenchOptions> {
  readonly name: string;
  readonly usage: string;
  /** A run that takes longer than this hangs. */
  readonly limitMs: number;
  /** @throws Error that says what is wrong with an argument */
  readonly readOptions: (args: readonly string[]) => Options;
  /** Resolves with the exit code. */
  readonly measure: (options: Options, folder: string, signal: AbortSignal) => Promise<number>;
}

/**
 * Runs a bench by the process's arguments and sets its exit code. A target that is missed is told, not punished:
 * 1 is for what broke, 2 for wrong usage.
 */
export async function runBench<Options extends BenchOptions>(
  program: BenchProgram<Options>,
): Promise<void> {
  const options = readArguments(program);
  if (options === undefined) return;
  try {
    process.exitCode = await buildAndMeasure(program, options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

function readArguments<Options extends BenchOptions>({
  usage,
  readOptions,
}: BenchProgram<Options>): Options | undefined {
  try {
    const options = readOptions(process.argv.slice(2));
    if (!options.help) return options;
    console.log(usage);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
  }
  return undefined;
}

async function buildAndMeasure<Options extends BenchOptions>(
  { name, limitMs, measure }: BenchProgram<Options>,
  options: Options,
): Promise<number> {
  const { build } = options;
  const folder = build ?? mkdtempSync(join(tmpdir(), `latchkey-${name}-`));
  const cleanUp = (): void => {
    if (build === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const signal = endOfRun(limitMs, cleanUp);
  try {
    console.log("Building the app, with the bench's own routes beside it ...");
    await buildForBench(folder, signal);
    return await measure(options, folder, signal);
  } finally {
    cleanUp();
  }
}

interface Named {
  readonly name: string;
}

/**
 * The measurements of these names, all of them for none.
 * @throws Error that names what there is not
 */
export function chosen<Measurement extends Named>(
  measurements: readonly Measurement[],
  names: readonly string[],
): readonly Measurement[] {
  const unknown = names.filter((name) => !measurements.some((each) => each.name === name));
  if (unknown.length > 0) throw new Error(`There is no measurement ${unknown.join(", ")}.`);
  return measurements.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Keeps what was found so far, below what git ignores. */
export function keepFound(name: string, found: Readonly<Record<string, unknown>>): void {
  const folder = join(ROOT, ".latchkey");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = { at: new Date().toISOString(), ...found };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
}
