import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { now } from "./clock.ts";
import type { Server } from "./servers.ts";
import { residentKiB } from "./usage.ts";

const KIB = 1024;

const memorySchema = z.object({ heapUsed: z.number(), external: z.number() });

/** KiB. */
export interface Memory {
  /** What the system counts; Node keeps pages that it has once had. NaN where it is not told. */
  readonly resident: number;
  /** What is reachable, buffers among it: after a collection, by the measured copy's own route. */
  readonly live: number;
}

export async function memoryOf(app: Server): Promise<Memory> {
  const resident = residentKiB(app.pid) ?? Number.NaN;
  const answer = await fetch(`${app.url}/api/bench/memory`);
  const { heapUsed, external } = memorySchema.parse(await answer.json());
  return { resident, live: (heapUsed + external) / KIB };
}

/**
 * Asks once a second until what is live is where it was, or the time is up.
 *
 * @param swing KiB that a warm process' memory goes up and down by anyway
 * @returns seconds, infinite when it did not come back; and what was left over at the end
 */
export async function watchReturn(
  app: Server,
  start: Memory,
  { seconds, swing }: { seconds: number; swing: number },
): Promise<{ seconds: number; left: Memory }> {
  const began = now();
  for (;;) {
    const memory = await memoryOf(app);
    const left = { resident: memory.resident - start.resident, live: memory.live - start.live };
    const passed = (now() - began) / 1000;
    if (left.live <= swing) return { seconds: passed, left };
    if (passed > seconds) return { seconds: Number.POSITIVE_INFINITY, left };
    await delay(1000);
  }
}
