import { completions } from "./completions.ts";
import type { Dialect } from "./dialect.ts";
import { messages } from "./messages.ts";
import { chat, generate } from "./ollama.ts";
import { responses } from "./responses.ts";
import { tokenText } from "./text.ts";

export const DIALECTS = { chat, generate, completions, messages, responses } as const;

export type DialectName = keyof typeof DIALECTS;

/** A whole reply, word by word: what the upstream sends and what a client must get. */
export interface Script {
  readonly records: readonly Buffer[];
  /** Records before the first token. */
  readonly headRecords: number;
  readonly tokens: number;
  readonly bytes: Buffer;
  /** Bytes up to the end of each token's record. */
  readonly byteEnds: Uint32Array;
  readonly text: string;
  /** UTF-16 units up to the end of each token. */
  readonly textEnds: Uint32Array;
}

/** A reply of 100,000 tokens holds some 30 MB; the short ones do not matter. */
const KEPT = 24;
const made = new Map<string, Script>();

/** The reply of this many tokens; always the same one. */
export function scriptOf(name: DialectName, tokens: number): Script {
  const key = `${name} ${tokens}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const texts = Array.from({ length: tokens }, (_, index) => tokenText(index));
  const script = writeScript(DIALECTS[name], texts);
  const [oldest] = made.keys();
  if (made.size >= KEPT && oldest !== undefined) made.delete(oldest);
  made.set(key, script);
  return script;
}

/** The reply of these tokens. */
export function writeScript(
  dialect: Pick<Dialect, "head" | "token" | "tail">,
  texts: readonly string[],
): Script {
  const text = texts.join("");
  const tokens = texts.length;
  const head = dialect.head();
  const records = [
    ...head,
    ...texts.map((each, index) => dialect.token(index, each)),
    ...dialect.tail(tokens, text),
  ].map((record) => Buffer.from(record));
  const ends = endsOf(records.map(({ length }) => length));
  return {
    records,
    headRecords: head.length,
    tokens,
    bytes: Buffer.concat(records),
    byteEnds: ends.slice(head.length, head.length + tokens),
    text,
    textEnds: endsOf(texts.map(({ length }) => length)),
  };
}

function endsOf(lengths: readonly number[]): Uint32Array {
  let end = 0;
  return Uint32Array.from(lengths, (length) => (end += length));
}
