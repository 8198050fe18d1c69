/** What breaks a silence must be nothing to every client: recorded answers, with heartbeats between their records. */
import Anthropic from "@anthropic-ai/sdk";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { ChatOllama } from "@langchain/ollama";
import { streamText } from "ai";
import { createOllama as createAiSdkOllama } from "ai-sdk-ollama";
import { Ollama } from "ollama";
import { createOllama as createOllamaProvider } from "ollama-ai-provider-v2";
import OpenAI from "openai";
import { afterAll, describe, expect, it } from "vitest";
import { STREAM_KINDS, type StreamKind } from "../../lib/wire/stream-kinds.ts";
import { splitRecords } from "../../lib/wire/records.ts";
import { bodyOf, readRecordings } from "../helpers/recordings.ts";
import { openDoorStub } from "../lib/door-stub.ts";

const recordings = readRecordings();
const NOW = "2026-11-24T00:00:00.000Z";

const PATHS: Readonly<Record<string, readonly [StreamKind, string]>> = {
  "/api/chat": ["ollama-chat", "chat-stream"],
  "/api/generate": ["ollama-generate", "generate-stream"],
  "/v1/chat/completions": ["openai", "openai-chat-stream"],
  "/v1/responses": ["responses", "openai-responses-stream"],
  "/v1/messages": ["anthropic", "anthropic-stream"],
};

/** The recorded answer of a path, with or without a heartbeat before each record. */
function answerOf(path: string, beats: boolean): { readonly type: string; readonly body: string } {
  const [kind, name] = PATHS[path] ?? ["ollama-chat", "chat-stream"];
  const recording = recordings.get(`2026-08/${name}`);
  if (recording === undefined) throw new Error(`no recording ${name}`);
  const { boundary, heartbeat, contentType } = STREAM_KINDS[kind];
  const records = splitRecords(bodyOf(recording), boundary);
  const beat = beats ? heartbeat("answer", NOW) : "";
  return { type: contentType, body: records.map((each) => beat + each + boundary).join("") };
}

const servers = await Promise.all(
  [false, true].map((beats) =>
    openDoorStub((request, response) => {
      const { type, body } = answerOf(new URL(request.url ?? "", "http://x").pathname, beats);
      response.writeHead(200, { "content-type": type }).end(body);
    }),
  ),
);
afterAll(() => Promise.all(servers.map((server) => server[Symbol.asyncDispose]())));

const messages = [{ role: "user" as const, content: "Hello" }];
const model = "answer";

async function joined<Piece>(
  pieces: AsyncIterable<Piece>,
  textOf: (piece: Piece) => string | null | undefined,
): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += textOf(piece) ?? "";
  return text;
}

type Read = (url: string) => Promise<string>;

const CLIENTS: readonly (readonly [string, Read])[] = [
  [
    "ollama, chat",
    async (url) =>
      joined(
        await new Ollama({ host: url }).chat({ model, messages, stream: true }),
        ({ message }) => message.content,
      ),
  ],
  [
    "ollama, generate",
    async (url) =>
      joined(
        await new Ollama({ host: url }).generate({ model, prompt: "Hello", stream: true }),
        ({ response }) => response,
      ),
  ],
  [
    "ai-sdk-ollama",
    async (url) =>
      streamText({ model: createAiSdkOllama({ baseURL: url })(model), prompt: "Hello" }).text,
  ],
  [
    "ollama-ai-provider-v2",
    async (url) =>
      streamText({
        model: createOllamaProvider({ baseURL: `${url}/api` }).chat(model),
        prompt: "Hello",
      }).text,
  ],
  [
    "@langchain/ollama",
    async (url) =>
      joined(await new ChatOllama({ baseUrl: url, model }).stream("Hello"), ({ text }) => text),
  ],
  [
    "openai, chat",
    async (url) =>
      joined(
        await new OpenAI({ baseURL: `${url}/v1`, apiKey: "k" }).chat.completions.create({
          model,
          messages,
          stream: true,
        }),
        ({ choices }) => choices[0]?.delta.content,
      ),
  ],
  [
    "openai, responses",
    async (url) =>
      joined(
        await new OpenAI({ baseURL: `${url}/v1`, apiKey: "k" }).responses.create({
          model,
          input: "Hello",
          stream: true,
        }),
        (event) => (event.type === "response.output_text.delta" ? event.delta : ""),
      ),
  ],
  [
    "@ai-sdk/openai-compatible",
    async (url) => {
      const provider = createOpenAICompatible({ name: "x", baseURL: `${url}/v1`, apiKey: "k" });
      return streamText({ model: provider(model), prompt: "Hello" }).text;
    },
  ],
  [
    "@anthropic-ai/sdk",
    async (url) =>
      joined(
        new Anthropic({ baseURL: url, apiKey: "k" }).messages.stream({
          model,
          messages,
          max_tokens: 99,
        }),
        (event) =>
          event.type === "content_block_delta" && event.delta.type === "text_delta"
            ? event.delta.text
            : "",
      ),
  ],
];

describe("heartbeats", () => {
  it.each(CLIENTS)("are nothing to %s", async (_name, read) => {
    const [plain, beating] = await Promise.all(servers.map(({ url }) => read(url)));
    expect(plain).toContain("A door that is locked");
    expect(beating).toBe(plain);
  });
});
