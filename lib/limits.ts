import type { Caller } from "./auth.ts";
import type { Config } from "./config.ts";
import { RelayError } from "./errors.ts";
import type { Allowance } from "./limit/allowance.ts";
import { Counters } from "./limit/counters.ts";
import { Queue } from "./limit/queue.ts";
import { perConfig } from "./per-config.ts";

const LEASE_MARGIN_MS = 10_000;

/** Of this process: what it counts must not begin anew with each request. */
const limitersOf = perConfig((config) => ({
  counters: new Counters(config.store === undefined ? {} : { store: config.store }),
  queue: new Queue({
    active: config.maxActive,
    waiting: config.maxWaiting,
    waitMs: Math.min(config.maxWaitSeconds, config.totalSeconds) * 1000,
    // By then the total deadline has ended the reply.
    leaseMs: config.totalSeconds * 1000 + LEASE_MARGIN_MS,
  }),
}));

/**
 * Counts a request of this caller.
 * @returns what is left this minute; undefined where there is no limit
 * Throws RelayError `rate_limited`, which knows the allowance.
 */
export async function countRequest(
  config: Config,
  { id, role }: Caller,
): Promise<Allowance | undefined> {
  const { requestsPerMinute } = config.roles[role];
  if (requestsPerMinute === 0) return undefined;
  const { counters } = limitersOf(config);
  const { allowed, allowance } = await counters.countRequest(id, requestsPerMinute);
  if (allowed) return allowance;
  const retryAfterSeconds = allowance.resetSeconds;
  throw new RelayError("rate_limited", { retryAfterSeconds, allowance });
}

/**
 * What is left of the caller's tokens today; Infinity where there is no limit.
 * Throws RelayError `token_budget_spent` when none are.
 */
export async function requireTokens(config: Config, { id, role }: Caller): Promise<number> {
  const { tokensPerDay } = config.roles[role];
  if (tokensPerDay === 0) return Infinity;
  const { allowed, allowance } = await limitersOf(config).counters.checkTokens(id, tokensPerDay);
  if (allowed) return allowance.remaining;
  const retryAfterSeconds = allowance.resetSeconds;
  throw new RelayError("token_budget_spent", { retryAfterSeconds, allowance });
}

/** Charges what a reply has cost, after it; never rejects. */
export async function chargeTokens(
  config: Config,
  { id, role }: Caller,
  tokens: number,
): Promise<void> {
  const { tokensPerDay } = config.roles[role];
  if (tokensPerDay > 0) await limitersOf(config).counters.chargeTokens(id, tokensPerDay, tokens);
}

/** The queue before the model, in this process; the shared one will stand in its place. */
export function queueOf(config: Config): Queue {
  return limitersOf(config).queue;
}

/** How the shared store is. */
export function storeHealth(config: Config) {
  return limitersOf(config).counters.storeHealth();
}
