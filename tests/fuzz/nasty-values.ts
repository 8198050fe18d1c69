/** Values that decoders trip over. */
import {
  anything,
  array,
  constant,
  constantFrom,
  dictionary,
  double,
  integer,
  oneof,
  string,
  type Arbitrary,
} from "fast-check";

/** Names that mean something to JavaScript, to Go, or to Ollama. */
export const NASTY_NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "toJSON",
  "then",
  "Model",
  "MODEL",
  "mOdel",
  "model ",
  "model\0",
  "Options",
  "KEEP_ALIVE",
  "Keep_Alive",
  // KELVIN SIGN and LATIN SMALL LETTER LONG S: Go folds them to k and s.
  "\u212Aeep_alive",
  "\u212Aeep_Alive",
  "option\u017F",
  "me\u017F\u017Fages",
  "_debug_render_only",
  "_",
  "",
  "0",
  "raw",
  "template",
  "system",
  "num_gpu",
  "num_thread",
  "use_mmap",
  "main_gpu",
] as const;

const NASTY_TEXTS = [
  "",
  "\0",
  "\ud800",
  "\udfff\ud800",
  "\u{10ffff}",
  "\ufeff",
  "\u2028\u2029",
  "\r\n",
  "data: [DONE]\n\n",
  '{"error":"x"}',
  "../../etc/passwd",
  "%00",
  "-1",
  "1e999",
  "NaN",
  "5m",
  "-5m",
  "99999999999h",
  "1h1h1h",
  "0x10",
  "a".repeat(300),
] as const;

const NASTY_NUMBERS = [
  0,
  -0,
  -1,
  0.1,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  3_601,
  131_073,
] as const;

export const nastyText: Arbitrary<string> = oneof(
  { weight: 2, arbitrary: constantFrom(...NASTY_TEXTS) },
  { weight: 1, arbitrary: constantFrom(...NASTY_NAMES) },
  { weight: 2, arbitrary: string({ unit: "binary", maxLength: 40 }) },
);

const nastyNumber: Arbitrary<number> = oneof(
  constantFrom(...NASTY_NUMBERS),
  integer(),
  double({ noNaN: true }),
);

const leaf: Arbitrary<unknown> = oneof(
  nastyText,
  nastyNumber,
  constantFrom<unknown>(null, true, false),
);

/** A JSON value of any kind; large and deep ones come as text (nasty-requests.ts). */
export const nastyValue: Arbitrary<unknown> = oneof(
  { weight: 6, arbitrary: leaf },
  { weight: 1, arbitrary: array(leaf, { maxLength: 4 }) },
  { weight: 1, arbitrary: dictionary(constantFrom(...NASTY_NAMES), leaf, { maxKeys: 4 }) },
  { weight: 1, arbitrary: anything({ maxDepth: 2, maxKeys: 3 }) },
);

/** Mostly what is wanted there, now and then something else. */
export function mostly<Value>(wanted: Arbitrary<Value>, weight = 25): Arbitrary<unknown> {
  return oneof({ weight, arbitrary: wanted }, { weight: 1, arbitrary: nastyValue });
}

/** One of these values, or now and then something else. */
export function mostlyOf(...values: readonly [unknown, ...unknown[]]): Arbitrary<unknown> {
  const [first, ...others] = values;
  return mostly(others.length === 0 ? constant(first) : constantFrom(first, ...others));
}
