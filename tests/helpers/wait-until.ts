import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks again and again until the condition gives something other than undefined or false, and
 * returns that. The time between is an interval of asking, not a guess at how long a thing takes.
 *
 * @throws Error that names `what` when `timeoutMs` has passed
 */
export async function waitUntil<Value>(
  what: string,
  condition: () => Promise<Value | undefined | false> | Value | undefined | false,
  { timeoutMs = 10_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const value = await condition();
    if (value !== undefined && value !== false) {
      return value;
    }
    await delay(everyMs);
  }
  throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
}
