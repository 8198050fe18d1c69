import { unixSeconds } from "./encoder.ts";
import type { Fields } from "./json.ts";
import { fieldsOf } from "./json.ts";
import type { Reply } from "./reply.ts";

interface Changing {
  readonly status: "in_progress" | "completed";
  readonly output: readonly unknown[];
  /** Undefined while the answer goes on. */
  readonly reply?: Reply;
}

function usageOf(reply: Reply): unknown {
  return {
    input_tokens: reply.promptTokens,
    output_tokens: reply.evalCount,
    total_tokens: reply.promptTokens + reply.evalCount,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  };
}

/**
 * The `response` object: it repeats the request's settings and names much that Ollama does not
 * support. The order of its fields is that of the recording openai-responses-json.
 *
 * @param request the body that was sent
 */
export function responseObject(id: string, request: Fields): (changing: Changing) => unknown {
  const createdAt = unixSeconds();
  return ({ status, output, reply }) => ({
    id,
    object: "response",
    created_at: createdAt,
    completed_at: reply === undefined ? null : unixSeconds(),
    status,
    incomplete_details: null,
    model: request.model,
    previous_response_id: null,
    instructions: request.instructions ?? null,
    output,
    error: null,
    tools: request.tools ?? [],
    tool_choice: "auto",
    truncation: request.truncation ?? "disabled",
    parallel_tool_calls: true,
    text: { format: fieldsOf(request.text).format ?? { type: "text" } },
    top_p: request.top_p ?? 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    top_logprobs: 0,
    temperature: request.temperature ?? 1,
    reasoning: request.reasoning ?? null,
    usage: reply === undefined ? null : usageOf(reply),
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: null,
    store: false,
    background: request.background ?? false,
    service_tier: "default",
    metadata: {},
    safety_identifier: null,
    prompt_cache_key: null,
  });
}
