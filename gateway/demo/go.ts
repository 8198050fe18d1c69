/**
 * Ollama is written in Go, and what Go's standard library does shows on its wire:
 * how JSON is escaped, how times and durations are written, what parse errors say.
 */

/** JSON as Go's encoder writes it: `<`, `>`, `&` and the two line separators are escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The present as RFC 3339 in UTC with the fraction as fine as this clock has it, zeros trimmed. */
export function timestamp(): string {
  const microseconds = Math.round((performance.timeOrigin + performance.now()) * 1000);
  const fraction = String(microseconds % 1_000_000)
    .padStart(6, "0")
    .replace(/0+$/u, "");
  const seconds = new Date(Math.floor(microseconds / 1_000_000) * 1000).toISOString().slice(0, 19);
  return fraction === "" ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

/** Milliseconds as the whole nanoseconds of the wire; undefined for zero, which is left out there. */
export function nanoseconds(milliseconds: number): number | undefined {
  const whole = Math.round(milliseconds * 1e6);
  return whole > 0 ? whole : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a Go duration (`1h30m`, `-1s`), or undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (/^[+-]?0$/u.test(text)) return 0;
  if (!/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/u.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/gu)) {
    total += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  }
  return text.startsWith("-") ? -total : total;
}

/** V8's complaint about JSON, beside what Go's decoder says of the same place. */
const COMPLAINTS: readonly (readonly [RegExp, string])[] = [
  [/property name/u, "looking for beginning of object key string"],
  [/after property name/u, "after object key"],
  [/',' or '\}'|after property value/u, "after object key:value pair"],
  [/',' or '\]'|after array element/u, "after array element"],
  [/after JSON/u, "after top-level value"],
  [/control character/u, "in string literal"],
  [/escaped character|escape/u, "in string escape code"],
];

/** What Go's decoder says of a text that is not JSON. */
export function jsonComplaint(text: string, thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : "";
  if (/Unexpected end|Unterminated string/u.test(message)) return "unexpected EOF";
  const position = /position (\d+)/u.exec(message)?.[1];
  const named = /Unexpected token '(.)'/u.exec(message)?.[1];
  const character = position === undefined ? named : text[Number(position)];
  if (character === undefined) return "unexpected EOF";
  const where = COMPLAINTS.findLast(([pattern]) => pattern.test(message));
  return `invalid character '${character}' ${where?.[1] ?? "looking for beginning of value"}`;
}

const BASE64_CHARACTER = /[A-Za-z0-9+/=\r\n]/u;

/** The first byte at which Go's decoder gives up on a text as base64; undefined: it is base64. */
export function base64Fault(text: string): number | undefined {
  for (let index = 0; index < text.length; index += 1) {
    if (!BASE64_CHARACTER.test(text.charAt(index))) return index;
  }
  const bare = text.replaceAll(/[\r\n]/gu, "");
  return /^[^=]*={0,2}$/u.test(bare) && bare.length % 4 === 0 ? undefined : bare.length;
}
