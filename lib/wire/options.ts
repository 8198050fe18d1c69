import { z } from "zod";
import { RelayError } from "../errors.ts";

/** No request may have the model say more than this, or hold a longer context in memory. Tokens. */
const TOKEN_CAP = 131_072;
const MIN_CONTEXT = 256;

const clamped = (low: number, high: number) =>
  z.number().transform((value) => Math.min(high, Math.max(low, value)));
const clampedInteger = (low: number, high: number) =>
  z.int().transform((value) => Math.min(high, Math.max(low, value)));

/** For Ollama a negative number of tokens is "without end". */
export const tokenCount = z
  .int()
  .transform((value) => (value < 0 ? TOKEN_CAP : Math.min(TOKEN_CAP, Math.max(1, value))));

const stop = z.string().min(1).max(200);

/**
 * The runner options a caller may set, with types and bounds: Ollama answers a wrong type with a 500, and what is
 * not here (num_gpu, num_thread, ...) makes it load the model anew.
 */
const OPTIONS = {
  temperature: clamped(0, 2),
  top_p: clamped(0, 1),
  top_k: clampedInteger(0, 1_000),
  min_p: clamped(0, 1),
  typical_p: clamped(0, 1),
  repeat_penalty: clamped(0, 10),
  presence_penalty: clamped(-2, 2),
  frequency_penalty: clamped(-2, 2),
  repeat_last_n: clampedInteger(-1, TOKEN_CAP),
  num_ctx: clampedInteger(MIN_CONTEXT, TOKEN_CAP),
  num_predict: tokenCount,
  seed: clampedInteger(0, 2_147_483_647),
  stop: z.union([stop.transform((one) => [one]), z.array(stop).max(8)], {
    error: "a text or a list of at most 8",
  }),
} as const;

const optionsSchema = z.object(OPTIONS).partial();

export type Options = Readonly<z.output<typeof optionsSchema>>;

/**
 * The allowed options within their bounds; others are left out, and null is unset, as for Ollama.
 * Throws RelayError `bad_request` that names the offending path.
 */
export function readOptions(options: unknown): Options {
  if (options === undefined || options === null) return {};
  const set =
    typeof options === "object" && !Array.isArray(options)
      ? Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null))
      : options;
  const parsed = optionsSchema.safeParse(set);
  if (!parsed.success) throw badRequest(parsed.error, ["options"]);
  return parsed.data;
}

const GO_DURATION = /^(-?)((?:\d+(?:\.\d+)?(?:h|m|s|ms))+)$/;
const UNIT_SECONDS = { h: 3_600, m: 60, s: 1, ms: 0.001 } as const;

/** Seconds of `5m`, `1h30m`, `300` or 300; negative stands for ever. Undefined: not readable. */
function secondsOf(keepAlive: unknown): number | undefined {
  if (typeof keepAlive === "number") return Number.isFinite(keepAlive) ? keepAlive : undefined;
  if (typeof keepAlive !== "string") return undefined;
  if (/^-?\d{1,9}$/.test(keepAlive)) return Number(keepAlive);
  const [, sign, amounts] = GO_DURATION.exec(keepAlive) ?? [];
  if (amounts === undefined) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of amounts.matchAll(/([\d.]+)(h|ms|m|s)/g)) {
    if (unit === "h" || unit === "m" || unit === "s" || unit === "ms") {
      seconds += Number(amount) * UNIT_SECONDS[unit];
    }
  }
  return sign === "-" ? -seconds : seconds;
}

const LONGEST_KEEP_SECONDS = 3_600;

/**
 * How long the model stays in memory after the request, in whole seconds: at most an hour, so that nobody pins it.
 * Throws RelayError `bad_request` for what is no duration.
 */
export function readKeepAlive(keepAlive: unknown): number {
  const seconds = secondsOf(keepAlive);
  if (seconds === undefined) {
    const message = 'keep_alive: seconds, or a duration such as "5m", is wanted.';
    throw new RelayError("bad_request", { message });
  }
  if (seconds < 0) return LONGEST_KEEP_SECONDS;
  return Math.min(LONGEST_KEEP_SECONDS, Math.ceil(seconds));
}

/** The first mistake a schema found, by its path. */
export function badRequest(error: z.ZodError, under: readonly string[] = []): RelayError {
  const [issue] = error.issues;
  const path = [...under, ...(issue?.path ?? [])].join(".");
  const isUnion = issue?.code === "invalid_union" && issue.message === "Invalid input";
  const reason = isUnion ? "of no form this route takes" : issue?.message;
  return new RelayError("bad_request", { message: `${path || "body"}: ${reason ?? "invalid"}.` });
}
