import { setTimeout as delay } from "node:timers/promises";
import { now } from "./clock.ts";
import { cpuMs } from "./usage.ts";

const IDLE_MS = 1500;

/** What of a process' CPU time belongs to some work, less what it spends when it is left alone. */
export class CpuMeter {
  readonly #pid: number;
  readonly #idle: number;

  private constructor(pid: number, idle: number) {
    this.#pid = pid;
    this.#idle = idle;
  }

  /** Watches the idle process for a moment; undefined where the system does not tell. */
  static async watch(pid: number): Promise<CpuMeter | undefined> {
    const before = cpuMs(pid);
    const began = now();
    await delay(IDLE_MS);
    const after = cpuMs(pid);
    if (before === undefined || after === undefined) return undefined;
    return new CpuMeter(pid, (after - before) / (now() - began));
  }

  /** Milliseconds of CPU that the work cost the process. */
  async of(work: () => Promise<void>): Promise<number> {
    const before = cpuMs(this.#pid) ?? Number.NaN;
    const began = now();
    await work();
    const after = cpuMs(this.#pid) ?? Number.NaN;
    return after - before - this.#idle * (now() - began);
  }
}

/** Takes samples of all in turns, A B C A B C, so that a drift of the machine hits all alike. */
export async function inTurns<Item>(
  items: readonly Item[],
  rounds: number,
  sample: (item: Item) => Promise<number>,
): Promise<ReadonlyMap<Item, readonly number[]>> {
  const samples = new Map<Item, number[]>(items.map((item) => [item, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [item, taken] of samples) taken.push(await sample(item));
  }
  return samples;
}
