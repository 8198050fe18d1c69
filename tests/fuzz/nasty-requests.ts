import {
  constant,
  constantFrom,
  integer,
  oneof,
  toStringMethod,
  tuple,
  type Arbitrary,
} from "fast-check";
import { headersOf, type Identity, type SentHeaders } from "./nasty-headers.ts";

/** Shown of a body in a counterexample; the seed makes it again. */
const SHOWN_CHARACTERS = 400;

/** A request, which tells itself in a few words. */
export class Sent {
  readonly headers: SentHeaders;
  /** A character a byte. */
  readonly body: string;

  constructor(headers: SentHeaders, body: string) {
    this.headers = headers;
    this.body = body;
  }

  [toStringMethod](): string {
    const headers = this.headers.map(([name, value]) => `${name}: ${value.slice(0, 80)}`);
    const body = JSON.stringify(this.body.slice(0, SHOWN_CHARACTERS));
    return `\n${headers.join(", ")}, ${this.body.length} bytes: ${body}`;
  }
}

function utf8(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    // What fast-check calls anything has BigInts too.
  }
  return Buffer.from(json ?? "undefined", "utf8").toString("latin1");
}

/** Before the last brace, so that it wins; behind the first, so that it loses. */
const DOUBLES = [
  '"model":"secret"',
  '"model":"small"',
  '"options":{"num_gpu":99}',
  '"keep_alive":-1',
  '"stream":"yes"',
  '"__proto__":{"model":"secret"}',
  '"temperature":1e999',
  '"max_tokens":1e999',
  '"format":1e400',
] as const;

type Mutate = (json: string, seed: number) => string;

const insertFirst =
  (field: string): Mutate =>
  (json) =>
    json.replace("{", `{${field},`);
const insertLast =
  (field: string): Mutate =>
  (json) =>
    json.replace(/\}$/, `,${field}}`);
const at = (json: string, seed: number): number => seed % (json.length + 1);
const insert =
  (bytes: string): Mutate =>
  (json, seed) =>
    json.slice(0, at(json, seed)) + bytes + json.slice(at(json, seed));
const nest =
  (open: string, innermost: string, close: string): Mutate =>
  (json, seed) => {
    const depth = Math.round(10 ** (1 + (seed % 100) / 28));
    const nested = open.repeat(depth) + innermost + close.repeat(depth);
    return insertLast(`"${seed % 2 === 0 ? "format" : "metadata"}":${nested}`)(json, seed);
  };

const mutation: Arbitrary<Mutate> = oneof(
  { weight: 24, arbitrary: constant<Mutate>((json) => json) },
  { weight: 3, arbitrary: constantFrom(...DOUBLES).map(insertFirst) },
  { weight: 3, arbitrary: constantFrom(...DOUBLES).map(insertLast) },
  { weight: 1, arbitrary: constant<Mutate>((json, seed) => json.slice(0, at(json, seed))) },
  // No UTF-8: a lone continuation, an overlong slash, a surrogate, a byte that never is.
  {
    weight: 2,
    arbitrary: constantFrom("\x80", "\xc0\xaf", "\xed\xa0\x80", "\xff", "\0").map(insert),
  },
  { weight: 1, arbitrary: constant<Mutate>((json) => `\xef\xbb\xbf${json}`) },
  { weight: 1, arbitrary: constant<Mutate>((json) => `${json}${json}`) },
  { weight: 1, arbitrary: constantFrom(nest("[", "", "]"), nest('{"a":', "1", "}")) },
  { weight: 1, arbitrary: constant<Mutate>((json) => " ".repeat(300_000) + json) },
);

function mutated(body: Arbitrary<unknown>): Arbitrary<string> {
  return tuple(body, mutation, integer({ min: 0, max: 1e6 })).map(([value, mutate, seed]) =>
    mutate(utf8(value), seed),
  );
}

/** Requests with such a body. */
export function requests(
  body: Arbitrary<unknown>,
  identity: Identity | undefined,
): Arbitrary<Sent> {
  return tuple(headersOf(identity), mutated(body)).map(
    ([headers, text]) => new Sent(headers, text),
  );
}
