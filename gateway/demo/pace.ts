import { setTimeout as sleep } from "node:timers/promises";

/** Lateness that is made good; what a stall or a slow reader took longer is not. */
const CATCH_UP_MS = 100;

/** Lets tokens through at a steady rate, without drift: each is due a fixed time after the last. */
export class Pace {
  readonly #intervalMs: number;
  #dueAt = performance.now();

  constructor(tokensPerSecond: number) {
    this.#intervalMs = 1000 / tokensPerSecond;
  }

  async wait(tokens: number, signal: AbortSignal): Promise<void> {
    if (this.#intervalMs === 0) return;
    const latest = performance.now() - CATCH_UP_MS;
    this.#dueAt = Math.max(this.#dueAt, latest) + tokens * this.#intervalMs;
    const ms = this.#dueAt - performance.now();
    if (ms > 0) await sleep(ms, undefined, { signal });
  }
}
