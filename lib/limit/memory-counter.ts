import RateLimiterMemory from "rate-limiter-flexible/lib/RateLimiterMemory.js";
import { DAY_MS, MINUTE_MS, verdict, type Verdict } from "./allowance.ts";

/** Above it, callers share one count: see Tally. */
const MOST_IDENTITIES = 10_000;

/** The counts of this process alone: what is left when no store is set, or when the store fails. */
export class MemoryCounter {
  readonly #requests = new Tally();
  readonly #tokens = new Tally();

  /** Counts one request; a caller's minute begins with the first. */
  async countRequest(identity: string, perMinute: number): Promise<Verdict> {
    const { spent, resetMs } = await this.#requests.add(identity, 1, MINUTE_MS);
    const counted = { limit: perMinute, remaining: perMinute - spent, resetMs };
    return verdict(spent <= perMinute, counted);
  }

  async checkTokens(identity: string, perDay: number): Promise<Verdict> {
    const remaining = perDay - (await this.#tokens.read(identity));
    return verdict(remaining > 0, { limit: perDay, remaining, resetMs: restOfDayMs() });
  }

  /** The day ends at midnight UTC, as it does in the store. */
  async chargeTokens(identity: string, tokens: number): Promise<void> {
    await this.#tokens.add(identity, tokens, restOfDayMs());
  }
}

function restOfDayMs(): number {
  return DAY_MS - (Date.now() % DAY_MS);
}

interface Count {
  readonly spent: number;
  readonly resetMs: number;
}

/**
 * What each identity spent in its window. The first 10,000 of a window have a count of their own;
 * all beyond them share one, so that a flood of new names can neither fill the memory nor push out
 * a count that holds somebody back.
 */
class Tally {
  /** Only its counts are used: what is allowed comes with each question. */
  readonly #counts = new RateLimiterMemory({ points: 1, duration: 1 });
  /** When the window of each identity ends, the earliest first. */
  readonly #windowEnds = new Map<string, number>();

  async add(identity: string, points: number, windowMs: number): Promise<Count> {
    const key = this.#claim(identity, windowMs);
    const counted = await this.#counts.penalty(key, points, { customDuration: windowMs / 1000 });
    return { spent: counted.consumedPoints, resetMs: counted.msBeforeNext };
  }

  async read(identity: string): Promise<number> {
    const counted = await this.#counts.get(this.#keyOf(identity));
    // One whose end has come is forgotten by a timer, which may be late.
    return counted === null || counted.msBeforeNext <= 0 ? 0 : counted.consumedPoints;
  }

  #claim(identity: string, windowMs: number): string {
    const now = Date.now();
    for (const [each, end] of this.#windowEnds) {
      if (end > now) break;
      this.#windowEnds.delete(each);
    }
    const isStranger = !identity.startsWith("key:") && !this.#windowEnds.has(identity);
    if (isStranger && this.#windowEnds.size < MOST_IDENTITIES) {
      this.#windowEnds.set(identity, now + windowMs);
    }
    return this.#keyOf(identity);
  }

  #keyOf(identity: string): string {
    // Whoever shows a key is one of a few, and is not to suffer from a flood of strangers.
    const hasOwn =
      identity.startsWith("key:") ||
      this.#windowEnds.has(identity) ||
      this.#windowEnds.size < MOST_IDENTITIES;
    return hasOwn ? `own:${identity}` : "shared";
  }
}
