import { goJson } from "./go.ts";
import type { Call, Reply } from "./reply.ts";

/** The names of one answer's parts. */
export interface ResponseIds {
  readonly response: string;
  readonly message: string;
  readonly reasoning: string;
  /** A number comes after it. */
  readonly call: string;
}

export function outputText(text: string): unknown {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

/** An item of type `message`, still empty or complete. */
export function messageItem(id: string, text?: string): unknown {
  const [status, content] =
    text === undefined ? ["in_progress", []] : ["completed", [outputText(text)]];
  return { id, type: "message", status, role: "assistant", content };
}

/** Ollama does not encrypt what was thought: `encrypted_content` is the text. */
export function reasoningItem(id: string, text: string): unknown {
  const summary = [{ type: "summary_text", text }];
  return { id, type: "reasoning", summary, encrypted_content: text };
}

export function callItem(id: string, call: Call, status: "in_progress" | "completed"): unknown {
  const json = status === "completed" ? goJson(call.arguments) : "";
  return { id, type: "function_call", status, call_id: call.id, name: call.name, arguments: json };
}

/** What a finished reply consists of. */
export function outputOf(reply: Reply, ids: ResponseIds): unknown[] {
  const reasoning = reply.thinking === "" ? [] : [reasoningItem(ids.reasoning, reply.thinking)];
  const calls = reply.calls.map((call, at) => callItem(`${ids.call}_${at}`, call, "completed"));
  return [...reasoning, ...(calls.length > 0 ? calls : [messageItem(ids.message, reply.text)])];
}
