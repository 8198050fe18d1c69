import { now } from "../clock.ts";

/** Does what is due; returns when it wants to be called next, or undefined when it is done. */
export type Step = () => number | undefined;

const TICK_MS = 1;

/**
 * One timer for all paced streams: a timer each would cost the upstream more than its writes. What is
 * due in a millisecond is done in the first tick after it, so up to about two milliseconds late.
 */
export class Wheel {
  readonly #due = new Map<number, Step[]>();
  #done = Math.floor(now());
  #running = false;

  /** @param at milliseconds of `now()`; what is past is done in the next tick */
  add(step: Step, at: number): void {
    if (!this.#running) this.#done = Math.floor(now());
    const slot = Math.max(Math.ceil(at), this.#done + 1);
    const others = this.#due.get(slot);
    if (others === undefined) this.#due.set(slot, [step]);
    else others.push(step);
    this.#start();
  }

  #start(): void {
    if (this.#running) return;
    this.#running = true;
    setTimeout(() => this.#tick(), TICK_MS);
  }

  #tick(): void {
    const until = Math.floor(now());
    while (this.#done < until) {
      this.#done += 1;
      const steps = this.#due.get(this.#done) ?? [];
      this.#due.delete(this.#done);
      for (const step of steps) {
        const next = step();
        if (next !== undefined) this.add(step, next);
      }
    }
    this.#running = false;
    if (this.#due.size > 0) this.#start();
  }
}
