import { now } from "./clock.ts";
import type { Bench } from "./measurement.ts";
import { askFor } from "./replies.ts";
import type { Server } from "./servers.ts";
import type { Variant } from "./variants.ts";
import { dueAt, paced } from "./wire/plan.ts";

export interface Streams {
  readonly count: number;
  /** Tokens a second, each stream. */
  readonly rate: number;
  readonly tokens: number;
  /** Milliseconds over which the requests are sent, before the first token is due. */
  readonly rampMs: number;
}

/** What became of the streams of one sample. Milliseconds. */
export interface Streamed {
  /** Between the moment a token was due and its arrival, a figure a token. */
  readonly held: number[];
  /** Between two arrivals on one stream. */
  readonly gaps: number[];
  broken: number;
}

/** From the last request to the first token: until then each is accepted and waits. */
const SETTLE_MS = 300;

/**
 * Streams at a real pace, side by side. Their tokens are spread evenly over one interval, so that
 * nearly every token is a network read of its own.
 */
export async function runStreams(
  bench: Pick<Bench, "client" | "fail" | "signal">,
  server: Server,
  variant: Variant,
  { count, rate, tokens, rampMs }: Streams,
): Promise<Streamed> {
  const streamed: Streamed = { held: [], gaps: [], broken: 0 };
  const beginAt = now() + rampMs + SETTLE_MS;
  const one = async (index: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, (index * rampMs) / count));
    const at = beginAt + (index * 1000) / (rate * count);
    const plan = paced(tokens, rate, at);
    let before = 0;
    const answer = await askFor(bench, server, variant, plan, (from, to, arrival) => {
      for (let token = from; token < to; token += 1) {
        streamed.held.push(arrival - dueAt(plan, token));
      }
      if (from > 0) streamed.gaps.push(arrival - before);
      before = arrival;
    });
    if (answer.problem !== undefined) streamed.broken += 1;
  };
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
  return streamed;
}
