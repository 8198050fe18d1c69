/**
 * How long and how fast a reply is to be. It travels in the prompt's text, the one part of a request
 * that every client, provider and relay hands on unchanged.
 */
export interface Plan {
  readonly tokens: number;
  /** Tokens a second; 0: as fast as the reader takes them. */
  readonly rate: number;
  /** When the first token is due, by `now()` of bench/clock.ts; 0: at once. */
  readonly at: number;
  /** Records in one HTTP chunk. */
  readonly chunk: number;
}

/**
 * What the app gets to see of an engine faster than the way to it: a real Caddy 2.6.2 made chunks of
 * 20 KB, 160 records, of tokens that Ollama's wire has in a chunk each. At 100 tokens/s it made 1.0 of
 * them, at 2,000 still 1.2.
 */
const MERGED = 160;

/** As fast as the reader takes them. */
export function fast(tokens: number, chunk: number = MERGED): Plan {
  return { tokens, rate: 0, at: 0, chunk };
}

/** So many tokens a second stand for: a write a token, the next as soon as that one is out. */
export const EACH = 9_999_999;

/** As fast as they come of an engine, which writes each token by itself (Ollama flushes every record). */
export function each(tokens: number): Plan {
  return { tokens, rate: EACH, at: 0, chunk: 1 };
}

/** At a real pace, a chunk and a write a token. */
export function paced(tokens: number, rate: number, at = 0): Plan {
  return { tokens, rate, at, chunk: 1 };
}

const PLAN = /tokens=(\d+) rate=(\d+) at=(\d+(?:\.\d+)?) chunk=(\d+)/u;

export function encodePlan({ tokens, rate, at, chunk }: Plan): string {
  return `tokens=${tokens} rate=${rate} at=${at.toFixed(3)} chunk=${chunk}`;
}

/** Finds the plan in a request's body, whatever the dialect; undefined when there is none. */
export function decodePlan(body: string): Plan | undefined {
  const [, tokens, rate, at, chunk] = PLAN.exec(body) ?? [];
  if (tokens === undefined) return undefined;
  return { tokens: Number(tokens), rate: Number(rate), at: Number(at), chunk: Number(chunk) };
}

/** When a token is due, counted from 0. */
export function dueAt(plan: Plan, token: number): number {
  return plan.at + (token * 1000) / plan.rate;
}
