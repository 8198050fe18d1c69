/** How long a load or a prompt is likely to take, from how long they took on this device before. */

/** Of one model; what was never seen is absent. */
export interface ModelRates {
  readonly loadBytesPerSecond?: number;
  readonly promptTokensPerSecond?: number;
}

/** By the model's name, the one that was used last at the end. */
export type Rates = ReadonlyMap<string, ModelRates>;

/** What one answer taught. */
export interface Experience {
  readonly model: string;
  /** The app told that the model was being loaded; else `loadMs` is only the look at a model in memory. */
  readonly sawLoading: boolean;
  /** Bytes on disk. */
  readonly modelBytes?: number | undefined;
  readonly loadMs?: number | undefined;
  readonly promptTokens?: number | undefined;
  readonly promptTokensPerSecond?: number | undefined;
}

/** What is known of a question that waits. */
export interface Asked {
  readonly model?: string;
  /** Bytes on disk. */
  readonly modelBytes?: number;
  /** By the list of models, when it was asked. */
  readonly loaded?: boolean;
  readonly promptTokensEstimate?: number;
}

const MODELS_KEPT = 50;
/** How much the newest answer counts. */
const NEWEST_SHARE = 0.4;
/** Shorter prompts tell of the beginning of reading more than of its speed. */
const PROMPT_TOKENS_AT_LEAST = 32;

/** The rates with one answer more; the same object where it taught nothing. */
export function learn(rates: Rates, experience: Experience): Rates {
  const { model, sawLoading, modelBytes, loadMs, promptTokens = 0 } = experience;
  const known = rates.get(model);
  const load = sawLoading ? rateOf(modelBytes, loadMs) : undefined;
  const read =
    promptTokens >= PROMPT_TOKENS_AT_LEAST ? positive(experience.promptTokensPerSecond) : undefined;
  if (load === undefined && read === undefined) return rates;
  const next = new Map(rates);
  next.delete(model);
  next.set(model, {
    ...entry("loadBytesPerSecond", blend(known?.loadBytesPerSecond, load)),
    ...entry("promptTokensPerSecond", blend(known?.promptTokensPerSecond, read)),
  });
  const [oldest] = next.keys();
  if (next.size > MODELS_KEPT && oldest !== undefined) next.delete(oldest);
  return next;
}

/** How long loading and then reading takes, in milliseconds; undefined without an earlier figure. */
export function estimateLoading(asked: Asked, rates: Rates): number | undefined {
  const { modelBytes } = asked;
  const rate = ratesOf(asked, rates)?.loadBytesPerSecond;
  if (rate === undefined || modelBytes === undefined) return undefined;
  return (modelBytes / rate) * 1000 + (estimateReading(asked, rates) ?? 0);
}

/** How long the prompt takes to be read, in milliseconds; undefined without an earlier figure. */
export function estimateReading(asked: Asked, rates: Rates): number | undefined {
  const rate = ratesOf(asked, rates)?.promptTokensPerSecond;
  if (rate === undefined || asked.promptTokensEstimate === undefined) return undefined;
  return (asked.promptTokensEstimate / rate) * 1000;
}

export type Remaining = { readonly kind: "left"; readonly ms: number } | { readonly kind: "over" };

/** What is left of less than this is not worth a word, and what is over by less is not late. */
const WORTH_TELLING_MS = 2000;

/** What to tell of an estimate after so long a wait, both in milliseconds; undefined: nothing. */
export function remainingOf(total: number, elapsed: number): Remaining | undefined {
  if (elapsed >= Math.max(total, WORTH_TELLING_MS)) return { kind: "over" };
  return total < WORTH_TELLING_MS ? undefined : { kind: "left", ms: total - elapsed };
}

/** As it is kept in the browser. */
export function encodeRates(rates: Rates): string {
  return JSON.stringify([...rates]);
}

/** Reads what was kept; what cannot be read is as good as nothing. */
export function decodeRates(text: string | null): Rates {
  const entries = parseArray(text ?? "[]");
  const rates = new Map<string, ModelRates>();
  for (const each of entries.slice(-MODELS_KEPT)) {
    if (!Array.isArray(each)) continue;
    const pair: unknown[] = each;
    const [model, value] = pair;
    if (typeof model !== "string" || typeof value !== "object" || value === null) continue;
    const { loadBytesPerSecond, promptTokensPerSecond }: Record<string, unknown> = { ...value };
    rates.set(model, {
      ...entry("loadBytesPerSecond", positive(loadBytesPerSecond)),
      ...entry("promptTokensPerSecond", positive(promptTokensPerSecond)),
    });
  }
  return rates;
}

function ratesOf({ model }: Asked, rates: Rates): ModelRates | undefined {
  return model === undefined ? undefined : rates.get(model);
}

/**
 * Averages the time that a unit takes and not the rate: one prompt that Ollama had in its cache, a hundred times as
 * fast as the others, hardly moves it.
 */
function blend(known: number | undefined, newest: number | undefined): number | undefined {
  if (known === undefined || newest === undefined) return newest ?? known;
  return 1 / (NEWEST_SHARE / newest + (1 - NEWEST_SHARE) / known);
}

function rateOf(amount: number | undefined, ms: number | undefined): number | undefined {
  const [units, time] = [positive(amount), positive(ms)];
  return units === undefined || time === undefined ? undefined : (units / time) * 1000;
}

function positive(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : undefined;
}

function entry<Name extends string>(name: Name, value: number | undefined) {
  const object: Partial<Record<Name, number>> = {};
  if (value !== undefined) object[name] = value;
  return object;
}

function parseArray(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    // Somebody else's words, or half of ours.
    return [];
  }
}
