import { Ollama } from "ollama";
import { type Client, type Point, refusal } from "./client.ts";
import { CITY_SCHEMA, DEGREES, FUNCTION_TOOL, HELLO, TEXTS, WEATHER } from "./question.ts";

const messages = [{ role: "user", content: HELLO }];

function connect({ appUrl, key }: Point): Ollama {
  return new Ollama({ host: `${appUrl}/ollama`, headers: { Authorization: `Bearer ${key}` } });
}

async function chat(point: Point): Promise<string> {
  return (await connect(point).chat({ model: point.models.answer, messages })).message.content;
}

async function stream(point: Point): Promise<void> {
  const model = point.models.answer;
  for await (const { message } of await connect(point).chat({ model, messages, stream: true })) {
    point.tell(message.content);
  }
}

/** Its error class is not exported, but has a name. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || error.name !== "ResponseError") return undefined;
  return "status_code" in error ? Number(error.status_code) : undefined;
}

export const ollamaJs: Client = {
  name: "ollama (npm)",
  cells: {
    chat,
    stream,
    tools: async (point) => {
      const client = connect(point);
      const model = point.models.tools;
      const question = { role: "user", content: WEATHER };
      const tools = [FUNCTION_TOOL];
      const { message } = await client.chat({ model, messages: [question], tools });
      const call = message.tool_calls?.[0];
      if (call === undefined) throw new Error("There is no call.");
      const result = { role: "tool", tool_name: call.function.name, content: DEGREES };
      const told = await client.chat({ model, messages: [question, message, result], tools });
      const { name, arguments: input } = call.function;
      return { name, input, text: told.message.content };
    },
    thinking: async (point) => {
      const asked = { model: point.models.think, messages, think: true, stream: true as const };
      let thinking = "";
      let text = "";
      for await (const { message } of await connect(point).chat(asked)) {
        thinking += message.thinking ?? "";
        text += message.content;
      }
      return { thinking, text };
    },
    structured: async (point) => {
      const asked = [{ role: "user", content: WEATHER }];
      const { json: model } = point.models;
      const reply = await connect(point).chat({ model, messages: asked, format: CITY_SCHEMA });
      return JSON.parse(reply.message.content);
    },
    embeddings: async (point) => {
      const { embed: model } = point.models;
      return (await connect(point).embed({ model, input: TEXTS })).embeddings;
    },
    abort: async (point) => {
      const model = point.models.answer;
      const reply = await connect(point).chat({ model, messages, stream: true });
      let isLeft = false;
      try {
        for await (const { message } of reply) {
          if (message.content === "" || isLeft) continue;
          isLeft = true;
          reply.abort();
        }
      } catch (error) {
        if (!isLeft) throw error;
      }
    },
    "wrong key": refusal(chat, statusOf),
    limit: refusal(chat, statusOf),
    cut: stream,
  },
};
