import { log } from "../log.ts";
import type { Verdict } from "./allowance.ts";
import { MemoryCounter } from "./memory-counter.ts";
import { StoreCounter, type StoreAddress } from "./store-counter.ts";
import { STORE_MS, StoreWatch } from "./store-watch.ts";

export interface CounterSettings {
  /** Where all processes count together; without it each counts for itself. */
  readonly store?: StoreAddress;
}

/** `none`: no store is configured. */
export type StoreHealth = "none" | "up" | "down";

/**
 * Requests a minute and tokens a day, of each identity. Nothing here rejects: when the store fails,
 * this process's own counts decide, within 1.2 s. They run along all the time, so that a failing
 * store gives nobody a fresh start.
 */
export class Counters {
  readonly #memory = new MemoryCounter();
  readonly #store: StoreCounter | undefined;
  readonly #watch = new StoreWatch();
  #saidAlone = false;

  constructor({ store }: CounterSettings) {
    this.#store = store === undefined ? undefined : new StoreCounter(store, STORE_MS);
  }

  /** Counts one request of `identity` against so many a minute (> 0). */
  async countRequest(identity: string, perMinute: number): Promise<Verdict> {
    const here = await this.#memory.countRequest(identity, perMinute);
    return (await this.#ask((store) => store.countRequest(identity, perMinute))) ?? here;
  }

  /** Whether any tokens are left today (UTC) of so many a day (> 0); charges nothing. */
  async checkTokens(identity: string, perDay: number): Promise<Verdict> {
    const here = await this.#memory.checkTokens(identity, perDay);
    return (await this.#ask((store) => store.checkTokens(identity, perDay))) ?? here;
  }

  /** Adds spent tokens, beyond what is left too; a part of a token counts as one. */
  async chargeTokens(identity: string, perDay: number, tokens: number): Promise<void> {
    const whole = Math.ceil(tokens);
    if (!Number.isSafeInteger(whole) || whole <= 0) return;
    await this.#memory.chargeTokens(identity, whole);
    await this.#ask((store) => store.chargeTokens(identity, perDay, whole));
  }

  /** Asks the store, even one that is left alone after a failure; within 1.2 s. */
  async storeHealth(): Promise<StoreHealth> {
    const store = this.#store;
    if (store === undefined) return "none";
    const answered = await this.#watch.askNow(async () => {
      await store.ping();
      return true;
    });
    return answered === true ? "up" : "down";
  }

  async #ask<Answer>(
    question: (store: StoreCounter) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const store = this.#store;
    if (store !== undefined) return await this.#watch.ask(() => question(store));
    if (!this.#saidAlone) {
      this.#saidAlone = true;
      log.warn("No store is set: limits are counted in this process only.");
    }
    return undefined;
  }
}
