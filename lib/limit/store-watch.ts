import { log } from "../log.ts";
import { StoreTimeout, within } from "./time-limit.ts";

/** So long an answer may take; with what else a decision needs it stays below 1.2 s. */
export const STORE_MS = 1_000;

/** So long a store that failed is left alone, so that not every request waits for it in vain. */
const PAUSE_MS = 5_000;

/** Asks the store no longer than it is worth it, and says once when it goes and once when it is back. */
export class StoreWatch {
  /** By `performance.now()`; undefined while the store is up. */
  #askAgainAt: number | undefined;

  /**
   * The store's answer; undefined at once while it is left alone, and within a second when it fails.
   * Of those who come when the pause is over, one asks and the others go on without.
   */
  async ask<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.#askAgainAt !== undefined && performance.now() < this.#askAgainAt) return undefined;
    return await this.askNow(question);
  }

  /** The same without the pause. */
  async askNow<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.#askAgainAt !== undefined) this.#askAgainAt = performance.now() + PAUSE_MS;
    try {
      const answer = await within(STORE_MS, question());
      this.#noteSuccess();
      return answer;
    } catch (error) {
      this.#noteFailure(error);
      return undefined;
    }
  }

  #noteSuccess(): void {
    if (this.#askAgainAt === undefined) return;
    this.#askAgainAt = undefined;
    log.info("The store of the limits answers again: they are counted for all processes.");
  }

  #noteFailure(error: unknown): void {
    const wasUp = this.#askAgainAt === undefined;
    this.#askAgainAt = performance.now() + PAUSE_MS;
    if (!wasUp) return;
    log.error(
      { reason: reasonOf(error) },
      "The store of the limits fails: they are counted in this process only until it is back.",
    );
  }
}

/** How Redis begins when the token is wrong, or one that may only read. */
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|Unauthorized)/u;

/** The kind of a failure without its text, which may hold the store's address or the command. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error instanceof StoreTimeout || error.name === "TimeoutError") return "timeout";
  if (REFUSED.test(error.message)) return "token refused";
  const { cause } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : error.name;
}
