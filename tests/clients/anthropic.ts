import Anthropic, { AuthenticationError, RateLimitError } from "@anthropic-ai/sdk";
import { expect } from "vitest";
import { type Client, type Point, refusal } from "./client.ts";
import { tooOld } from "./old-ollama.ts";
import { CITY_SCHEMA, DEGREES, HELLO, TOOL, WEATHER } from "./question.ts";

const max_tokens = 4000;
const messages = [{ role: "user" as const, content: HELLO }];

function connect({ appUrl, key }: Point, options: { maxRetries?: number } = {}): Anthropic {
  return new Anthropic({ baseURL: appUrl, apiKey: key, ...options });
}

function textOf({ content }: Anthropic.Message): string {
  return content.map((block) => (block.type === "text" ? block.text : "")).join("");
}

async function chat(point: Point, options?: { maxRetries: number }): Promise<string> {
  const asked = { model: point.models.answer, max_tokens, messages };
  return textOf(await connect(point, options).messages.create(asked));
}

async function stream(point: Point): Promise<void> {
  const asked = { model: point.models.answer, max_tokens, messages };
  const reply = connect(point).messages.stream(asked);
  reply.on("text", (text) => point.tell(text));
  await reply.finalMessage();
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof AuthenticationError || error instanceof RateLimitError
    ? error.status
    : undefined;

const missing = tooOld("/v1/messages", (point) => chat(point, { maxRetries: 0 }));

export const anthropic: Client = {
  name: "@anthropic-ai/sdk",
  cells: {
    chat,
    stream,
    tools: async (point) => {
      const client = connect(point);
      const model = point.models.tools;
      const question = { role: "user" as const, content: WEATHER };
      const { parameters: input_schema, ...named } = TOOL;
      const tools = [{ ...named, input_schema }];
      const request = { model, max_tokens, tools };
      const asked = await client.messages.create({ ...request, messages: [question] });
      const call = asked.content.find((block) => block.type === "tool_use");
      if (call === undefined) throw new Error("There is no call.");
      const result = { type: "tool_result" as const, tool_use_id: call.id, content: DEGREES };
      const told = await client.messages.create({
        ...request,
        messages: [
          question,
          { role: "assistant", content: asked.content },
          { role: "user", content: [result] },
        ],
      });
      return { name: call.name, input: call.input, text: textOf(told) };
    },
    thinking: async (point) => {
      const reply = await connect(point).messages.create({
        model: point.models.think,
        max_tokens,
        messages,
        thinking: { type: "enabled", budget_tokens: 1024 },
      });
      const thoughts = reply.content.map((each) => (each.type === "thinking" ? each.thinking : ""));
      return { thinking: thoughts.join(""), text: textOf(reply) };
    },
    structured: {
      cannot: "Ollama's /v1/messages takes no schema: what comes is prose",
      shown: async (point) => {
        const reply = await connect(point).messages.create({
          model: point.models.json,
          max_tokens,
          messages,
          output_config: { format: { type: "json_schema", schema: CITY_SCHEMA } },
        });
        expect(textOf(reply)).not.toMatch(/^\s*\{/u);
      },
    },
    embeddings: { cannot: "Anthropic's API has no embeddings" },
    abort: async (point) => {
      const asked = { model: point.models.answer, max_tokens, messages, stream: true as const };
      const events = await connect(point).messages.create(asked);
      for await (const event of events) if (event.type === "content_block_delta") break;
    },
    "wrong key": refusal(chat, statusOf),
    limit: refusal((point) => chat(point, { maxRetries: 0 }), statusOf),
    cut: stream,
  },
  behindOldOllama: {
    chat: missing,
    stream: missing,
    tools: missing,
    thinking: missing,
    structured: missing,
    abort: missing,
    cut: missing,
  },
};
