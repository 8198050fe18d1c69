import { z } from "zod";
import type { ErrorObject } from "../errors.ts";
import { encodeError } from "./error-envelopes.ts";

/** The streams that pass byte for byte, by how they tell their end. */
export type StreamKind = "ollama-chat" | "ollama-generate" | "openai" | "responses" | "anthropic";

/** Tokens as the end of a stream counts them. */
export interface StreamUsage {
  readonly promptTokens?: number;
  readonly completionTokens?: number;
}

export interface StreamRules {
  readonly contentType: "application/x-ndjson" | "text/event-stream";
  /** What stands between two records. */
  readonly boundary: "\n" | "\n\n";
  /** What a record of failure holds, and hardly any other does: only then are records looked into. */
  readonly failureMark: string;
  /** What the last record of a complete stream holds, and hardly any other does. */
  readonly endMark: string;
  /** Whether a record (without its boundary) is Ollama's word that it failed. */
  readonly isFailure: (record: string) => boolean;
  /** Records that carry no token, in a whole stream. */
  readonly overhead: number;
  /** A record that every client takes as empty: something moved, nothing was said. */
  readonly heartbeat: (model: string, now: string) => string;
  /** A failure in the dialect's own words, as the last thing of the stream. */
  readonly failure: (error: ErrorObject, status: number) => string;
  /** Whether a client may drop a failure that it cannot read: then a clean end must not follow it. */
  readonly breaksOff: boolean;
  /**
   * Reads the last few records, oldest first.
   * @returns the counts when they hold the proper end, undefined when the stream broke off
   */
  readonly readEnd: (records: readonly string[]) => StreamUsage | undefined;
}

const count = z.number().nonnegative().optional().catch(undefined);

const doneRecord = z.object({
  done: z.literal(true),
  prompt_eval_count: count,
  eval_count: count,
});

function parseOr<Schema extends z.ZodType>(
  schema: Schema,
  json: string,
): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

function usage(promptTokens: number | undefined, completionTokens: number | undefined) {
  return {
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(completionTokens === undefined ? {} : { completionTokens }),
  };
}

/** NDJSON: the last record says done. */
function ndjson(empty: (model: string, now: string) => object): StreamRules {
  return {
    contentType: "application/x-ndjson",
    boundary: "\n",
    failureMark: '{"error"',
    endMark: '"done":true',
    isFailure: (record) => record.startsWith('{"error"'),
    overhead: 1,
    // ollama-ai-provider-v2 drops lines that are not what it knows.
    breaksOff: true,
    heartbeat: (model, now) => `${JSON.stringify(empty(model, now))}\n`,
    failure: (error, status) => `${JSON.stringify(encodeError("ollama", error, status))}\n`,
    readEnd: (records) => {
      const last = parseOr(doneRecord, records.at(-1) ?? "");
      return last && usage(last.prompt_eval_count, last.eval_count);
    },
  };
}

/** The data of a server-sent event, by the rules of the HTML standard; `""` when it has none. */
function dataOf(event: string): string {
  return event
    .split("\n")
    .flatMap((line) => (line.startsWith("data:") ? [line.slice(5).replace(/^ /, "")] : []))
    .join("\n");
}

const SSE = {
  contentType: "text/event-stream",
  boundary: "\n\n",
  breaksOff: false,
  // A comment: no client hands it on (HTML standard, server-sent events).
  heartbeat: () => ": waiting\n\n",
} as const;

const openaiChunk = z.object({
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
});
const responsesEnd = z.object({
  type: z.enum(["response.completed", "response.incomplete", "response.failed"]),
  response: z.object({
    usage: z.object({ input_tokens: count, output_tokens: count }).nullish(),
  }),
});
const anthropicDelta = z.object({
  type: z.literal("message_delta"),
  usage: z.object({ input_tokens: count, output_tokens: count }).nullish(),
});
const anthropicStop = z.object({ type: z.literal("message_stop") });

export const STREAM_KINDS: Readonly<Record<StreamKind, StreamRules>> = {
  "ollama-chat": ndjson((model, created_at) => ({
    model,
    created_at,
    message: { role: "assistant", content: "" },
    done: false,
  })),
  "ollama-generate": ndjson((model, created_at) => ({
    model,
    created_at,
    response: "",
    done: false,
  })),
  openai: {
    ...SSE,
    failureMark: 'data: {"error"',
    endMark: "[DONE]",
    isFailure: (record) => record.startsWith('data: {"error"'),
    overhead: 2,
    failure: (error, status) => `data: ${JSON.stringify(encodeError("openai", error, status))}\n\n`,
    readEnd: (records) => {
      const data = records.map(dataOf);
      if (data.at(-1) !== "[DONE]") return undefined;
      const counts = data.flatMap((each) => parseOr(openaiChunk, each)?.usage ?? []).at(-1);
      return usage(counts?.prompt_tokens, counts?.completion_tokens);
    },
  },
  responses: {
    ...SSE,
    failureMark: "event: error",
    endMark: "event: response.completed",
    isFailure: (record) => record.startsWith("event: error"),
    overhead: 8,
    failure: (error) => {
      const message = `${error.message} ${error.fix}`;
      const data = { type: "error", code: error.code, message, param: null };
      return `event: error\ndata: ${JSON.stringify(data)}\n\n`;
    },
    readEnd: (records) => {
      const end = parseOr(responsesEnd, dataOf(records.at(-1) ?? ""));
      const counts = end?.response.usage;
      return end && usage(counts?.input_tokens, counts?.output_tokens);
    },
  },
  anthropic: {
    ...SSE,
    failureMark: "event: error",
    endMark: "message_stop",
    isFailure: (record) => record.startsWith("event: error"),
    overhead: 5,
    failure: (error, status) =>
      `event: error\ndata: ${JSON.stringify(encodeError("anthropic", error, status))}\n\n`,
    readEnd: (records) => {
      const data = records.map(dataOf);
      if (parseOr(anthropicStop, data.at(-1) ?? "") === undefined) return undefined;
      const counts = data.flatMap((each) => parseOr(anthropicDelta, each)?.usage ?? []).at(-1);
      return usage(counts?.input_tokens, counts?.output_tokens);
    },
  },
};
