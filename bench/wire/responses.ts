import { MODEL, namedEvent, SSE, type Dialect } from "./dialect.ts";

const ITEM = "msg_922552";
const HEAD_EVENTS = 4;

const response = {
  background: false,
  created_at: 1_795_453_625,
  error: null,
  id: "resp_546440",
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model: MODEL,
  object: "response",
  parallel_tool_calls: true,
  previous_response_id: null,
  service_tier: "default",
  store: false,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
};

function event(number: number, type: string, fields: Readonly<Record<string, unknown>>): string {
  return namedEvent(type, { ...fields, sequence_number: number, type });
}

/** /v1/responses (2026-08/openai-responses-stream); the end repeats the whole text four times. */
export const responses: Dialect = {
  path: "/v1/responses",
  contentType: SSE,
  body: (prompt) => ({ model: MODEL, input: prompt, stream: true }),
  head: () => {
    const started = { response: { ...response, status: "in_progress", output: [], usage: null } };
    const part = { annotations: [], logprobs: [], text: "", type: "output_text" };
    const item = { content: [], id: ITEM, role: "assistant", status: "in_progress" };
    return [
      event(0, "response.created", started),
      event(1, "response.in_progress", started),
      event(2, "response.output_item.added", {
        item: { ...item, type: "message" },
        output_index: 0,
      }),
      event(3, "response.content_part.added", {
        content_index: 0,
        item_id: ITEM,
        output_index: 0,
        part,
      }),
    ];
  },
  token: (index, delta) =>
    event(HEAD_EVENTS + index, "response.output_text.delta", {
      content_index: 0,
      delta,
      item_id: ITEM,
      logprobs: [],
      output_index: 0,
    }),
  tail: (tokens, text) => {
    const next = HEAD_EVENTS + tokens;
    const place = { content_index: 0, item_id: ITEM, output_index: 0 };
    const part = { annotations: [], logprobs: [], text, type: "output_text" };
    const item = {
      content: [part],
      id: ITEM,
      role: "assistant",
      status: "completed",
      type: "message",
    };
    const usage = { input_tokens: 8, output_tokens: tokens, total_tokens: 8 + tokens };
    return [
      event(next, "response.output_text.done", { ...place, logprobs: [], text }),
      event(next + 1, "response.content_part.done", { ...place, part }),
      event(next + 2, "response.output_item.done", { item, output_index: 0 }),
      event(next + 3, "response.completed", {
        response: { ...response, status: "completed", output: [item], usage },
      }),
    ];
  },
};
