import { MODEL, namedEvent, SSE, type Dialect } from "./dialect.ts";

function event(type: string, fields: Readonly<Record<string, unknown>> = {}): string {
  return namedEvent(type, { type, ...fields });
}

/** /v1/messages, Anthropic's surface (2026-08/anthropic-stream). */
export const messages: Dialect = {
  path: "/v1/messages",
  contentType: SSE,
  body: (prompt) => ({
    model: MODEL,
    max_tokens: 131_072,
    messages: [{ role: "user", content: prompt }],
    stream: true,
  }),
  head: () => [
    event("message_start", {
      message: {
        id: "msg_53100d5b2ea8ac44f1264709",
        type: "message",
        role: "assistant",
        model: MODEL,
        content: [],
        usage: { input_tokens: 2, output_tokens: 0 },
      },
    }),
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
  ],
  token: (_, text) =>
    event("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
  tail: (tokens) => [
    event("content_block_stop", { index: 0 }),
    event("message_delta", {
      delta: { stop_reason: "end_turn" },
      usage: { input_tokens: 8, output_tokens: tokens },
    }),
    event("message_stop"),
  ],
};
