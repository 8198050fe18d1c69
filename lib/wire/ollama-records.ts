import { z } from "zod";
import type { ChatEvent, ChatRequest, Think } from "../chat.ts";

const nonNegative = z.number().nonnegative().optional();

/** One line of /api/chat (WIRE.md). Fields we do not read are kept for the JSON answer. */
const recordSchema = z.looseObject({
  model: z.string().optional(),
  created_at: z.string().optional(),
  message: z
    .looseObject({
      content: z.string().optional(),
      thinking: z.string().optional(),
      tool_calls: z.array(z.unknown()).optional(),
    })
    .optional(),
  done: z.boolean().optional(),
  done_reason: z.string().optional(),
  total_duration: nonNegative,
  load_duration: nonNegative,
  prompt_eval_count: nonNegative,
  prompt_eval_duration: nonNegative,
  eval_count: nonNegative,
  eval_duration: nonNegative,
  error: z.string().optional(),
});

export type OllamaRecord = z.output<typeof recordSchema>;

/**
 * Reads one line. Throws a SyntaxError for what is no JSON, a ZodError for what is no record:
 * both mean that the stream is broken.
 */
export function parseRecord(line: string): OllamaRecord {
  return recordSchema.parse(JSON.parse(line));
}

/** What a record says, in order: thinking before text, the finish last. */
export function decodeRecord(record: OllamaRecord): ChatEvent[] {
  if (record.error !== undefined) return [{ type: "failure", text: record.error }];
  const events: ChatEvent[] = [];
  const { thinking, content } = record.message ?? {};
  if (thinking !== undefined && thinking !== "") events.push({ type: "thinking", text: thinking });
  if (content !== undefined && content !== "") events.push({ type: "text", text: content });
  if (record.done === true) events.push(decodeFinish(record));
  return events;
}

/** Ollama leaves out zero values; a done record without a reason (v0.1) stopped by itself. */
function decodeFinish(record: OllamaRecord): ChatEvent {
  return {
    type: "finish",
    doneReason: record.done_reason ?? "stop",
    ...defined("totalDuration", record.total_duration),
    ...defined("loadDuration", record.load_duration),
    ...defined("promptTokens", record.prompt_eval_count),
    ...defined("promptDuration", record.prompt_eval_duration),
    ...defined("completionTokens", record.eval_count),
    ...defined("completionDuration", record.eval_duration),
  };
}

function defined<Name extends string>(
  name: Name,
  value: number | undefined,
): Partial<Record<Name, number>> {
  const entry: Partial<Record<Name, number>> = {};
  if (value !== undefined) entry[name] = value;
  return entry;
}

/**
 * The body of POST /api/chat. Always a stream: a long answer that waits as one document times out on the way.
 * @param think undefined for a model that cannot think: Ollama refuses the field then
 */
export function encodeChatRequest(
  request: ChatRequest,
  model: string,
  think: Think | undefined,
): string {
  return JSON.stringify({
    model,
    messages: request.messages,
    stream: true,
    ...(think === undefined ? {} : { think }),
    ...(Object.keys(request.options).length === 0 ? {} : { options: request.options }),
  });
}

/** Puts a stream's records together to the document that Ollama answers with `stream: false`. */
export class ReplyCollector {
  #content = "";
  #thinking = "";
  readonly #toolCalls: unknown[] = [];

  /** @returns the whole document once `record` is the last one */
  push(record: OllamaRecord): Record<string, unknown> | undefined {
    this.#content += record.message?.content ?? "";
    this.#thinking += record.message?.thinking ?? "";
    this.#toolCalls.push(...(record.message?.tool_calls ?? []));
    if (record.done !== true) return undefined;
    const message = {
      role: "assistant",
      content: this.#content,
      ...(this.#thinking === "" ? {} : { thinking: this.#thinking }),
      ...(this.#toolCalls.length === 0 ? {} : { tool_calls: this.#toolCalls }),
    };
    const { model, created_at, message: _last, ...rest } = record;
    return { model, created_at, message, ...rest };
  }
}
