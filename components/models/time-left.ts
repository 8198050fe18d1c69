import { strings } from "../strings/strings.ts";

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const HOURS_FROM_MINUTES = 100;
/** Ollama writes "never" as a year far away. */
const FOREVER_MS = 365 * 24 * HOUR_MINUTES * MINUTE_MS;

/** When a loaded model leaves memory, in words: `unloads in 4 min`. Both times are milliseconds since 1970. */
export function timeLeft(expiresAt: number, now: number): string {
  const words = strings.models;
  const left = expiresAt - now;
  if (left <= 0) return words.unloadsNow;
  if (left > FOREVER_MS) return words.staysLoaded;
  if (left < MINUTE_MS) return words.unloadsSoon;
  const minutes = Math.round(left / MINUTE_MS);
  return minutes < HOURS_FROM_MINUTES
    ? words.unloadsInMinutes(minutes)
    : words.unloadsInHours(Math.round(minutes / HOUR_MINUTES));
}

const KIBI = 1_024;

/** Tokens as model makers count them: `128K` of 131072, `1,500` of 1500. */
export function formatTokens(tokens: number): string {
  if (tokens >= KIBI && tokens % KIBI === 0) return `${whole.format(tokens / KIBI)}K`;
  return whole.format(tokens);
}

const whole = new Intl.NumberFormat(strings.language, { maximumFractionDigits: 0 });
