import { MODEL, plainEvent, SSE, type Dialect } from "./dialect.ts";

const chunk = {
  id: "chatcmpl-956",
  object: "chat.completion.chunk",
  created: 1_795_453_625,
  model: MODEL,
  system_fingerprint: "fp_ollama",
};

function choice(delta: Readonly<Record<string, unknown>>, reason: "stop" | null): string {
  return plainEvent({ ...chunk, choices: [{ index: 0, delta, finish_reason: reason }] });
}

/**
 * /v1/chat/completions (2026-08/openai-chat-stream-usage). Everybody here asks for the usage, so that
 * a relay which needs it for its own count sends the same request as the floor.
 */
export const completions: Dialect = {
  path: "/v1/chat/completions",
  contentType: SSE,
  body: (prompt) => ({
    model: MODEL,
    messages: [{ role: "user", content: prompt }],
    stream: true,
    stream_options: { include_usage: true },
  }),
  head: () => [],
  token: (index, content) =>
    choice(index === 0 ? { role: "assistant", content } : { content }, null),
  tail: (tokens) => [
    choice({}, "stop"),
    plainEvent({
      ...chunk,
      choices: [],
      usage: { prompt_tokens: 8, completion_tokens: tokens, total_tokens: 8 + tokens },
    }),
    "data: [DONE]\n\n",
  ],
};
