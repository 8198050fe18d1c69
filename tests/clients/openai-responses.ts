import OpenAI, { APIError } from "openai";
import { type Client, type Point, refusal } from "./client.ts";
import { tooOld } from "./old-ollama.ts";
import { CITY_SCHEMA, DEGREES, HELLO, TOOL, WEATHER } from "./question.ts";

function connect({ appUrl, key }: Point, options: { maxRetries?: number } = {}): OpenAI {
  return new OpenAI({ baseURL: `${appUrl}/v1`, apiKey: key, ...options });
}

async function chat(point: Point, options?: { maxRetries: number }): Promise<string> {
  const asked = { model: point.models.answer, input: HELLO };
  return (await connect(point, options).responses.create(asked)).output_text;
}

async function think(point: Point): Promise<{ thinking: string; text: string }> {
  const asked = { model: point.models.think, input: HELLO, stream: true as const };
  let thinking = "";
  let text = "";
  for await (const event of await connect(point).responses.create(asked)) {
    if (event.type === "response.reasoning_summary_text.delta") thinking += event.delta;
    if (event.type === "response.output_text.delta") text += event.delta;
  }
  return { thinking, text };
}

async function stream(point: Point): Promise<void> {
  const asked = { model: point.models.answer, input: HELLO, stream: true as const };
  for await (const event of await connect(point).responses.create(asked)) {
    if (event.type === "response.output_text.delta") point.tell(event.delta);
  }
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof APIError ? error.status : undefined;

const missing = tooOld("/v1/responses", (point) => chat(point, { maxRetries: 0 }));

export const openaiResponses: Client = {
  name: "openai (responses)",
  cells: {
    chat,
    stream,
    tools: async (point) => {
      const client = connect(point);
      const model = point.models.tools;
      const question = { role: "user" as const, content: WEATHER };
      const tools = [{ type: "function" as const, strict: false, ...TOOL }];
      const asked = await client.responses.create({ model, input: [question], tools });
      const call = asked.output.find((item) => item.type === "function_call");
      if (call === undefined) throw new Error("There is no call.");
      const { call_id } = call;
      const result = { type: "function_call_output" as const, call_id, output: DEGREES };
      const told = await client.responses.create({ model, input: [question, call, result], tools });
      return { name: call.name, input: JSON.parse(call.arguments), text: told.output_text };
    },
    thinking: think,
    structured: async (point) => {
      const answer = await connect(point).responses.create({
        model: point.models.json,
        input: WEATHER,
        text: { format: { type: "json_schema", name: "weather", schema: CITY_SCHEMA } },
      });
      return JSON.parse(answer.output_text);
    },
    embeddings: { cannot: "the Responses API has no embeddings" },
    abort: async (point) => {
      const asked = { model: point.models.answer, input: HELLO, stream: true as const };
      for await (const event of await connect(point).responses.create(asked)) {
        if (event.type === "response.output_text.delta") break;
      }
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
