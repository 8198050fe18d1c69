/** What a caller may still do. */
export interface Allowance {
  readonly limit: number;
  /** Never below 0. */
  readonly remaining: number;
  /** Whole seconds, at least 1, after which a caller who has nothing left is let in again. */
  readonly resetSeconds: number;
}

export interface Verdict {
  readonly allowed: boolean;
  readonly allowance: Allowance;
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/**
 * A verdict in whole numbers.
 *
 * @param remaining may be below 0, where more was spent than there was
 * @param resetMs milliseconds from now
 */
export function verdict(
  allowed: boolean,
  counted: { readonly limit: number; readonly remaining: number; readonly resetMs: number },
): Verdict {
  const { limit } = counted;
  const remaining = Math.max(0, Math.floor(counted.remaining));
  const resetSeconds = Math.max(1, Math.ceil(counted.resetMs / 1000));
  return { allowed, allowance: { limit, remaining, resetSeconds } };
}
