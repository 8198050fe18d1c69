export const MODEL = "bench:latest";

/** One of Ollama's own streams: how it is asked for, and what it says, record by record. */
export interface Dialect {
  /** Where Ollama serves it. */
  readonly path: string;
  readonly contentType: string;
  /** The request's body with this prompt. */
  body(prompt: string): Readonly<Record<string, unknown>>;
  /** Records before the first token. */
  head(): readonly string[];
  /** The record of one token, counted from 0. */
  token(index: number, text: string): string;
  /** Records after the last token. */
  tail(tokens: number, text: string): readonly string[];
}

export const NDJSON = "application/x-ndjson";
export const SSE = "text/event-stream";

/** An event with a name, as Anthropic's and OpenAI's newer surface write it. */
export function namedEvent(name: string, data: Readonly<Record<string, unknown>>): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

export function plainEvent(data: Readonly<Record<string, unknown>>): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
