/** The clients that people use, each given an answer of the relay's to read. */
import Anthropic from "@anthropic-ai/sdk";
import { parseJsonEventStream, readUIMessageStream, uiMessageChunkSchema } from "ai";
import { Ollama } from "ollama/browser";
import OpenAI from "openai";
import type { Answer } from "./outcome.ts";

type Taken = "an answer" | "an error";

/** Reads whatever came to its end; throws what the client throws. */
type Read = (answered: () => Promise<Response>, isStream: boolean) => Promise<void>;

const model = "latchkey-demo";
const messages = [{ role: "user" as const, content: "Hello" }];

async function drain(parts: AsyncIterable<unknown>): Promise<unknown> {
  let last: unknown;
  for await (const part of parts) last = part;
  return last;
}

const openai = (fetch: () => Promise<Response>): OpenAI =>
  new OpenAI({ apiKey: "unused", baseURL: "http://app.example/v1", maxRetries: 0, fetch });

const READS: Readonly<Record<string, Read>> = {
  "/api/chat": async (fetch, isStream) => {
    const client = new Ollama({ host: "http://app.example/ollama", fetch });
    if (isStream) await drain(await client.chat({ model, messages, stream: true }));
    else await client.chat({ model, messages });
  },
  "/api/generate": async (fetch, isStream) => {
    const client = new Ollama({ host: "http://app.example/ollama", fetch });
    if (isStream) await drain(await client.generate({ model, prompt: "Hello", stream: true }));
    else await client.generate({ model, prompt: "Hello" });
  },
  "/v1/chat/completions": async (fetch, isStream) => {
    const { completions } = openai(fetch).chat;
    if (isStream) await drain(await completions.create({ model, messages, stream: true }));
    else await completions.create({ model, messages });
  },
  "/v1/completions": async (fetch, isStream) => {
    const { completions } = openai(fetch);
    if (isStream) await drain(await completions.create({ model, prompt: "Hello", stream: true }));
    else await completions.create({ model, prompt: "Hello" });
  },
  "/v1/responses": async (fetch, isStream) => {
    const { responses } = openai(fetch);
    if (isStream) await responses.stream({ model, input: "Hello" }).finalResponse();
    else await responses.create({ model, input: "Hello" });
  },
  "/v1/messages": async (fetch, isStream) => {
    const client = new Anthropic({
      apiKey: "unused",
      baseURL: "http://app.example",
      maxRetries: 0,
      fetch,
    });
    const body = { model, messages, max_tokens: 500 };
    if (isStream) await client.messages.stream(body).finalMessage();
    else await client.messages.create(body);
  },
};

/** As `useChat` reads it; the recipe's client looks at the status alone. */
const readApp: Read = async (answered, isStream) => {
  const response = await answered();
  if (!response.ok) throw new Error(String(response.status));
  if (!isStream || response.body === null) return;
  const chunks = parseJsonEventStream({ stream: response.body, schema: uiMessageChunkSchema });
  const valid = chunks.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        if (!chunk.success) throw chunk.error;
        controller.enqueue(chunk.value);
      },
    }),
  );
  await drain(readUIMessageStream({ stream: valid, terminateOnError: true }));
};

/** What the dialect's own client takes an answer for. */
export async function clientTakesFor({ dialect, ...answer }: Answer): Promise<Taken> {
  const { status, headers, text } = answer;
  const answered = async (): Promise<Response> => new Response(text, { status, headers });
  const read = dialect.route === "chat" ? readApp : READS[dialect.path];
  if (read === undefined) throw new Error(`no client of ${dialect.path}`);
  try {
    await read(answered, dialect.readEnding !== undefined);
    return "an answer";
  } catch {
    return "an error";
  }
}
