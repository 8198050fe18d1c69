import type { ChatEvent, ChatFinish } from "../chat.ts";

type Fields = Readonly<Record<string, unknown>>;

/** One line of /api/chat (WIRE.md), as it came. Its fields are looked at one by one: this runs once a token. */
export type OllamaRecord = Fields;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads one line. Throws a SyntaxError for what is no JSON object: the stream is broken then. */
export function parseRecord(line: string): OllamaRecord {
  const value: unknown = JSON.parse(line);
  if (isFields(value)) return value;
  throw new SyntaxError("a record is a JSON object");
}

/** Appends what a record says to `events`, in order: thinking, text, tool calls, and the finish last. */
export function decodeRecord(record: OllamaRecord, events: ChatEvent[]): void {
  const { error, message, done } = record;
  if (error !== undefined) {
    const text = typeof error === "string" ? error : JSON.stringify(error);
    events.push({ type: "failure", text });
    return;
  }
  if (isFields(message)) {
    const { thinking, content, tool_calls: calls } = message;
    if (typeof thinking === "string" && thinking !== "") {
      events.push({ type: "thinking", text: thinking });
    }
    if (typeof content === "string" && content !== "") events.push({ type: "text", text: content });
    if (Array.isArray(calls)) events.push(...calls.flatMap(decodeToolCall));
  }
  if (done === true) events.push(decodeFinish(record));
}

/** Ollama's calls come whole, their arguments as an object; an older one gives no id. */
function decodeToolCall(call: unknown): ChatEvent[] {
  if (!isFields(call) || !isFields(call["function"])) return [];
  const { name, arguments: input } = call["function"];
  if (typeof name !== "string" || name === "") return [];
  const id = typeof call["id"] === "string" && call["id"] !== "" ? call["id"] : undefined;
  return [{ type: "tool-call", id, name, input: input ?? {} }];
}

/** Ollama leaves out zero values; a done record without a reason (v0.1) stopped by itself. */
function decodeFinish(record: OllamaRecord): ChatFinish {
  const reason = record["done_reason"];
  return {
    type: "finish",
    doneReason: typeof reason === "string" ? reason : "stop",
    ...counted("totalDuration", record["total_duration"]),
    ...counted("loadDuration", record["load_duration"]),
    ...counted("promptTokens", record["prompt_eval_count"]),
    ...counted("promptDuration", record["prompt_eval_duration"]),
    ...counted("completionTokens", record["eval_count"]),
    ...counted("completionDuration", record["eval_duration"]),
  };
}

function counted<Name extends string>(name: Name, value: unknown): Partial<Record<Name, number>> {
  const entry: Partial<Record<Name, number>> = {};
  if (typeof value === "number" && value >= 0) entry[name] = value;
  return entry;
}

/** Puts a stream's records together to the document that Ollama answers with `stream: false`. */
export class ReplyCollector {
  #content = "";
  #thinking = "";
  readonly #toolCalls: unknown[] = [];

  /** @returns the whole document once `record` is the last one */
  push(record: OllamaRecord): Record<string, unknown> | undefined {
    const said = isFields(record["message"]) ? record["message"] : {};
    const { content, thinking, tool_calls: calls } = said;
    if (typeof content === "string") this.#content += content;
    if (typeof thinking === "string") this.#thinking += thinking;
    if (Array.isArray(calls)) this.#toolCalls.push(...calls);
    if (record["done"] !== true) return undefined;
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
