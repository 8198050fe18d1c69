import { setTimeout as delay } from "node:timers/promises";
import { now } from "./clock.ts";
import { cpuMs } from "./usage.ts";

const IDLE_MS = 1500;
/** What was begun before (garbage, compiled code) goes on for a while, and is no idleness. */
const MOST_LOOKS = 8;
/** A process of Node that has nothing to do spends less than this share of a core. */
const QUIET = 0.01;

/** What of a process' CPU time belongs to some work, less what it spends when it is left alone. */
export class CpuMeter {
  readonly #pid: number;
  readonly #idle: number;

  private constructor(pid: number, idle: number) {
    this.#pid = pid;
    this.#idle = idle;
  }

  /** Watches the process until it is idle, or for some seconds; undefined where the system does not tell. */
  static async watch(pid: number): Promise<CpuMeter | undefined> {
    let least = Infinity;
    for (let look = 0; look < MOST_LOOKS && least > QUIET; look += 1) {
      const before = cpuMs(pid);
      const began = now();
      await delay(IDLE_MS);
      const after = cpuMs(pid);
      if (before === undefined || after === undefined) return undefined;
      least = Math.min(least, (after - before) / (now() - began));
    }
    return new CpuMeter(pid, least);
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
