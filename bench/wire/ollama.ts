import { MODEL, NDJSON, type Dialect } from "./dialect.ts";

/** Nine digits after the second, as Ollama's Go writes them; the same for the same record in every run. */
function createdAt(index: number): string {
  const second = String(Math.floor(index / 100) % 60).padStart(2, "0");
  const fraction = String(((index % 100) * 10_000_000 + 506_779) % 1e9).padStart(9, "0");
  return `2026-11-23T17:07:${second}.${fraction}Z`;
}

function line(index: number, fields: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ model: MODEL, created_at: createdAt(index), ...fields })}\n`;
}

function endFields(tokens: number) {
  return {
    done: true,
    done_reason: "stop",
    total_duration: 88_149_439,
    load_duration: 773_449,
    prompt_eval_count: 8,
    prompt_eval_duration: 2_461_000,
    eval_count: tokens,
    eval_duration: 83_173_000,
  };
}

/** /api/chat (recording 2026-08/chat-stream). */
export const chat: Dialect = {
  path: "/api/chat",
  contentType: NDJSON,
  body: (prompt) => ({
    model: MODEL,
    messages: [{ role: "user", content: prompt }],
    stream: true,
  }),
  head: () => [],
  token: (index, content) => line(index, { message: { role: "assistant", content }, done: false }),
  tail: (tokens) => [
    line(tokens, { message: { role: "assistant", content: "" }, ...endFields(tokens) }),
  ],
};

/** /api/generate (2026-08/generate-stream): its last record carries every token's number. */
export const generate: Dialect = {
  path: "/api/generate",
  contentType: NDJSON,
  body: (prompt) => ({ model: MODEL, prompt, stream: true }),
  head: () => [],
  token: (index, response) => line(index, { response, done: false }),
  tail: (tokens) => {
    const context = Array.from({ length: tokens }, (_, index) => index % 32_000);
    return [line(tokens, { response: "", ...endFields(tokens), context })];
  },
};
