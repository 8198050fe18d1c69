import type { Script } from "../wire/script.ts";

/** A reply in HTTP chunks, ready to be written. */
export interface Frames {
  readonly bytes: Buffer;
  /** Bytes up to the end of each chunk with tokens in it; the last one goes to the reply's end. */
  readonly ends: readonly number[];
}

const CRLF = Buffer.from("\r\n");
const made = new WeakMap<Script, Map<number, Frames>>();

/** Chunks of so many tokens' records; what comes before the first and after the last token goes with those. */
export function framesOf(script: Script, tokensInChunk: number): Frames {
  const known = made.get(script) ?? new Map<number, Frames>();
  made.set(script, known);
  const frames = known.get(tokensInChunk) ?? frame(script, tokensInChunk);
  known.set(tokensInChunk, frames);
  return frames;
}

function frame({ records, headRecords, tokens }: Script, tokensInChunk: number): Frames {
  const chunks: Buffer[] = [];
  const ends: number[] = [];
  let end = 0;
  const push = (some: readonly Buffer[]): void => {
    const body = Buffer.concat(some);
    const chunk = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, CRLF]);
    chunks.push(chunk);
    end += chunk.length;
  };
  for (const record of records.slice(0, headRecords)) push([record]);
  for (let token = 0; token < tokens; token += tokensInChunk) {
    const from = headRecords + token;
    push(records.slice(from, Math.min(from + tokensInChunk, headRecords + tokens)));
    ends.push(end);
  }
  for (const record of records.slice(headRecords + tokens)) push([record]);
  ends[ends.length - 1] = end;
  return { bytes: Buffer.concat(chunks), ends };
}
