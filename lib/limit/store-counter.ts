import type { Ratelimit } from "@upstash/ratelimit";
import type { VercelKV } from "@vercel/kv";
import { verdict, type Verdict } from "./allowance.ts";

/** Upstash's REST interface. */
export interface StoreAddress {
  readonly url: string;
  readonly token: string;
}

/** What both of Upstash's answers have. */
interface StoreAnswer {
  readonly limit: number;
  readonly remaining: number;
  /** Unix time in milliseconds. */
  readonly reset: number;
}

interface Store {
  readonly client: VercelKV;
  /** The limiters, made once for each number that is asked about. */
  requests(perMinute: number): Ratelimit;
  tokens(perDay: number): Ratelimit;
}

/**
 * The counts that all processes share, in Upstash's Redis. Every method rejects when the store fails,
 * with the library's error, whose text may hold the store's address.
 */
export class StoreCounter {
  readonly #load: () => Promise<Store>;

  /** @param requestMs no single request to the store stays open for longer */
  constructor(address: StoreAddress, requestMs: number) {
    let store: Promise<Store> | undefined;
    this.#load = () => (store ??= loadStore(address, requestMs));
  }

  async countRequest(identity: string, perMinute: number): Promise<Verdict> {
    const store = await this.#load();
    const answer = await store.requests(perMinute).limit(identity);
    return verdictFrom(answer.success, answer, perMinute);
  }

  async checkTokens(identity: string, perDay: number): Promise<Verdict> {
    const store = await this.#load();
    const answer = await store.tokens(perDay).getRemaining(identity);
    return verdictFrom(answer.remaining > 0, answer, perDay);
  }

  /** Adds however many there are, beyond the limit too: a fixed window adds before it compares. */
  async chargeTokens(identity: string, perDay: number, tokens: number): Promise<void> {
    const store = await this.#load();
    const answer = await store.tokens(perDay).limit(identity, { rate: tokens });
    verdictFrom(answer.success, answer, perDay);
  }

  async ping(): Promise<void> {
    const { client } = await this.#load();
    await client.ping();
  }
}

/** @throws Error for an answer that is not about our limit, such as Upstash's own allowing time-out */
function verdictFrom(allowed: boolean, answer: StoreAnswer, limit: number): Verdict {
  if (answer.limit !== limit || !Number.isFinite(answer.remaining)) {
    throw new TypeError("The store's answer is not a count");
  }
  const resetMs = answer.reset - Date.now();
  return verdict(allowed, { limit, remaining: answer.remaining, resetMs });
}

/** Loads the libraries too, so that an app without a store never does. */
async function loadStore({ url, token }: StoreAddress, requestMs: number): Promise<Store> {
  const [{ createClient }, { Ratelimit: Limiter }] = await Promise.all([
    import("@vercel/kv"),
    import("@upstash/ratelimit"),
  ]);
  const client = createClient({
    url,
    token,
    // `retry: false` still tries twice.
    retry: { retries: 0 },
    // A function: to an abort of a plain signal the client answers with the reason as a result.
    signal: () => AbortSignal.timeout(requestMs),
    cache: "no-store",
    enableTelemetry: false,
    enableAutoPipelining: false,
  });
  const limiterOf = (prefix: string, limiter: ReturnType<typeof Ratelimit.fixedWindow>) =>
    new Limiter({
      redis: client,
      prefix,
      limiter,
      // Its own time-out allows.
      timeout: 0,
      // Its cache of the refused has no bound and knows no raised limit.
      ephemeralCache: false,
      analytics: false,
      enableTelemetry: false,
    });
  return {
    client,
    requests: oncePerNumber((perMinute) =>
      limiterOf("latchkey:requests", Limiter.slidingWindow(perMinute, "1 m")),
    ),
    tokens: oncePerNumber((perDay) =>
      limiterOf("latchkey:tokens", Limiter.fixedWindow(perDay, "1 d")),
    ),
  };
}

function oncePerNumber<Made>(make: (number: number) => Made): (number: number) => Made {
  const made = new Map<number, Made>();
  return (number) => {
    const found = made.get(number) ?? make(number);
    made.set(number, found);
    return found;
  };
}
