import { z } from "zod";
import {
  ANTHROPIC_ERROR,
  APP_ERROR,
  OLLAMA_ERROR,
  OPENAI_ERROR,
  type ErrorShape,
} from "./error-shapes.ts";
import {
  readAnthropic,
  readNdjson,
  readOpenai,
  readResponses,
  readUiParts,
  type ReadEnding,
} from "./stream-words.ts";

/** One of the ways in which a caller asks, and how its own clients read what comes. */
export interface Dialect {
  readonly name: string;
  /** Our own route, or a surface that is relayed. */
  readonly route: "chat" | "surface";
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** An error before the first byte. */
  readonly error: ErrorShape;
  /** Undefined: the answer is one document. */
  readonly readEnding?: ReadEnding;
  /** What a document has when the answer came to its end. */
  readonly whole: z.ZodType;
}

const model = "latchkey-demo:latest";
const messages = [{ role: "user", content: "Hello" }];
const parts = [{ type: "text", text: "Hello" }];

const done = z.object({ done: z.literal(true) });
const chosen = z.object({ choices: z.tuple([z.object({ finish_reason: z.string() })]) });
const completed = z.object({ status: z.literal("completed") });
const stopped = z.object({ stop_reason: z.string() });

const app = { route: "chat", path: "/api/chat", error: APP_ERROR, whole: done } as const;

export const APP_STREAM: Dialect = {
  ...app,
  name: "app stream",
  body: { model, messages: [{ role: "user", parts }] },
  readEnding: readUiParts,
};

export const APP_JSON: Dialect = { ...app, name: "app JSON", body: { model, messages } };

interface Family extends Omit<Dialect, "route"> {
  readonly readEnding: ReadEnding;
}

const FAMILIES: readonly Family[] = [
  {
    name: "Ollama chat",
    path: "/api/chat",
    body: { model, messages },
    error: OLLAMA_ERROR,
    readEnding: readNdjson,
    whole: done,
  },
  {
    name: "Ollama generate",
    path: "/api/generate",
    body: { model, prompt: "Hello" },
    error: OLLAMA_ERROR,
    readEnding: readNdjson,
    whole: done,
  },
  {
    name: "OpenAI chat",
    path: "/v1/chat/completions",
    body: { model, messages },
    error: OPENAI_ERROR,
    readEnding: readOpenai,
    whole: chosen,
  },
  {
    name: "OpenAI completions",
    path: "/v1/completions",
    body: { model, prompt: "Hello" },
    error: OPENAI_ERROR,
    readEnding: readOpenai,
    whole: chosen,
  },
  {
    name: "OpenAI responses",
    path: "/v1/responses",
    body: { model, input: "Hello" },
    error: OPENAI_ERROR,
    readEnding: readResponses,
    whole: completed,
  },
  {
    name: "Anthropic messages",
    path: "/v1/messages",
    body: { model, messages, max_tokens: 500 },
    error: ANTHROPIC_ERROR,
    readEnding: readAnthropic,
    whole: stopped,
  },
];

/** The relayed surfaces as they stream. */
export const STREAMS: readonly Dialect[] = FAMILIES.map((family) => ({
  ...family,
  route: "surface",
  body: { ...family.body, stream: true },
}));

/** The same asked for one document. */
export const DOCUMENTS: readonly Dialect[] = FAMILIES.map(({ readEnding: _reads, ...family }) => ({
  ...family,
  route: "surface",
  name: `${family.name} JSON`,
  body: { ...family.body, stream: false },
}));

export const DIALECTS: readonly Dialect[] = [APP_STREAM, APP_JSON, ...STREAMS, ...DOCUMENTS];
