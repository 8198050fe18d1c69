import type { Sent } from "./send.ts";

/** One way to ask for words, in each of the dialects, and how its streams end when all is well. */
export interface Dialect {
  readonly name: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Only a stream that came to its proper end has it. */
  readonly end: string;
  /** What stands for a runner that died: none, where the dialect swallows it. */
  readonly failure: string | undefined;
  readonly errorOf: (message: string, status: number) => unknown;
}

const model = "latchkey-demo";
const messages = [{ role: "user", content: "Hello" }];
const DIED = "an error was encountered while running the model: unexpected EOF";

function ollamaError(message: string): unknown {
  return { error: message };
}

function openaiError(message: string): unknown {
  return { error: { message, type: "api_error", param: null, code: null } };
}

export const DIALECTS: readonly Dialect[] = [
  {
    name: "Ollama chat",
    path: "/api/chat",
    body: { model, messages },
    end: '"done":true',
    failure: `{"error":"${DIED}"}\n`,
    errorOf: ollamaError,
  },
  {
    name: "Ollama generate",
    path: "/api/generate",
    body: { model, prompt: "Hello" },
    end: '"done":true',
    failure: `{"error":"${DIED}"}\n`,
    errorOf: ollamaError,
  },
  {
    name: "OpenAI chat",
    path: "/v1/chat/completions",
    body: { model, messages, stream: true },
    end: "data: [DONE]",
    failure: '"delta":{"content":""}',
    errorOf: openaiError,
  },
  {
    name: "OpenAI completions",
    path: "/v1/completions",
    body: { model, prompt: "Hello", stream: true },
    end: "data: [DONE]",
    failure: '"model":""',
    errorOf: openaiError,
  },
  {
    name: "OpenAI responses",
    path: "/v1/responses",
    body: { model, input: "Hello", stream: true },
    end: "event: response.completed",
    failure: undefined,
    errorOf: openaiError,
  },
  {
    name: "Anthropic messages",
    path: "/v1/messages",
    body: { model, messages, max_tokens: 4096, stream: true },
    end: "event: message_stop",
    failure: undefined,
    errorOf: (message, status) => ({
      type: "error",
      error: { type: status === 503 ? "overloaded_error" : "api_error", message },
    }),
  },
];

export function streamed({ path, body }: Dialect): Sent {
  return { path, body };
}

export function whole({ path, body }: Dialect): Sent {
  return { path, body: { ...body, stream: false } };
}

/** A chat in Ollama's own dialect. */
export function chat(rest: Readonly<Record<string, unknown>> = {}): Sent {
  return { path: "/api/chat", body: { model, messages, ...rest } };
}
