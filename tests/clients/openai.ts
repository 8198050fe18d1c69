import OpenAI, { AuthenticationError, RateLimitError } from "openai";
import { z } from "zod";
import { type Client, type Point, refusal } from "./client.ts";
import { thoughtInText } from "./old-ollama.ts";
import { CITY_SCHEMA, DEGREES, FUNCTION_TOOL, HELLO, TEXTS, WEATHER } from "./question.ts";

const messages = [{ role: "user" as const, content: HELLO }];

function connect({ appUrl, key }: Point, options: { maxRetries?: number } = {}): OpenAI {
  return new OpenAI({ baseURL: `${appUrl}/v1`, apiKey: key, ...options });
}

async function chat(point: Point, options?: { maxRetries: number }): Promise<string> {
  const { choices } = await connect(point, options).chat.completions.create({
    model: point.models.answer,
    messages,
  });
  return choices[0]?.message.content ?? "";
}

/** Ollama's name for the thought; the client's types do not know it, and its objects carry it. */
const reasoningDelta = z.object({ reasoning: z.string().optional() });

async function think(point: Point): Promise<{ thinking: string; text: string }> {
  const model = point.models.think;
  const chunks = await connect(point).chat.completions.create({ model, messages, stream: true });
  let thinking = "";
  let text = "";
  for await (const { choices } of chunks) {
    thinking += reasoningDelta.parse(choices[0]?.delta ?? {}).reasoning ?? "";
    text += choices[0]?.delta.content ?? "";
  }
  return { thinking, text };
}

async function stream(point: Point): Promise<void> {
  const model = point.models.answer;
  const chunks = await connect(point).chat.completions.create({ model, messages, stream: true });
  for await (const { choices } of chunks) point.tell(choices[0]?.delta.content ?? "");
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof AuthenticationError || error instanceof RateLimitError
    ? error.status
    : undefined;

export const openai: Client = {
  name: "openai",
  cells: {
    chat,
    stream,
    tools: async (point) => {
      const client = connect(point);
      const model = point.models.tools;
      const question = { role: "user" as const, content: WEATHER };
      const tools = [FUNCTION_TOOL];
      const asked = await client.chat.completions.create({ model, messages: [question], tools });
      const said = asked.choices[0]?.message;
      const call = said?.tool_calls?.[0];
      if (said === undefined || call?.type !== "function") throw new Error("There is no call.");
      const result = { role: "tool" as const, tool_call_id: call.id, content: DEGREES };
      const conversation = [question, said, result];
      const told = await client.chat.completions.create({ model, messages: conversation, tools });
      const input: unknown = JSON.parse(call.function.arguments);
      return { name: call.function.name, input, text: told.choices[0]?.message.content ?? "" };
    },
    thinking: think,
    structured: async (point) => {
      const { choices } = await connect(point).chat.completions.create({
        model: point.models.json,
        messages: [{ role: "user", content: WEATHER }],
        response_format: {
          type: "json_schema",
          json_schema: { name: "weather", schema: CITY_SCHEMA, strict: true },
        },
      });
      return JSON.parse(choices[0]?.message.content ?? "");
    },
    embeddings: async (point) => {
      const model = point.models.embed;
      const { data } = await connect(point).embeddings.create({ model, input: TEXTS });
      return data.map(({ embedding }) => embedding);
    },
    abort: async (point) => {
      const model = point.models.answer;
      const asked = { model, messages, stream: true as const };
      const chunks = await connect(point).chat.completions.create(asked);
      for await (const { choices } of chunks) if (choices[0]?.delta.content) break;
    },
    "wrong key": refusal(chat, statusOf),
    limit: refusal((point) => chat(point, { maxRetries: 0 }), statusOf),
    cut: stream,
  },
  behindOldOllama: { thinking: thoughtInText(think) },
};
