import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOllama, OllamaEmbeddings } from "@langchain/ollama";
import { type Client, type Point, refusal } from "./client.ts";
import { CITY_SCHEMA, DEGREES, FUNCTION_TOOL, HELLO, TEXTS, WEATHER } from "./question.ts";

/** The address and the key, as both of its classes take them. */
function address({ appUrl, key }: Point) {
  return { baseUrl: `${appUrl}/ollama`, headers: { Authorization: `Bearer ${key}` } };
}

function connect(point: Point, model: string, think?: boolean): ChatOllama {
  return new ChatOllama({ ...address(point), model, ...(think === undefined ? {} : { think }) });
}

async function chat(point: Point): Promise<string> {
  return (await connect(point, point.models.answer).invoke(HELLO)).text;
}

async function stream(point: Point): Promise<void> {
  for await (const { text } of await connect(point, point.models.answer).stream(HELLO)) {
    point.tell(text);
  }
}

/** It lets the `ollama` package's error through, whose class is not exported, but has a name. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || error.name !== "ResponseError") return undefined;
  return "status_code" in error ? Number(error.status_code) : undefined;
}

export const langchain: Client = {
  name: "@langchain/ollama",
  cells: {
    chat,
    stream,
    tools: async (point) => {
      const model = connect(point, point.models.tools).bindTools([FUNCTION_TOOL]);
      const question = new HumanMessage(WEATHER);
      const said = await model.invoke([question]);
      const call = said.tool_calls?.[0];
      if (call === undefined) throw new Error("There is no call.");
      const result = new ToolMessage({ tool_call_id: call.id ?? "", content: DEGREES });
      const told = await model.invoke([question, said, result]);
      return { name: call.name, input: call.args, text: told.text };
    },
    thinking: async (point) => {
      const { text, additional_kwargs } = await connect(point, point.models.think, true).invoke(
        HELLO,
      );
      return { thinking: String(additional_kwargs["reasoning_content"]), text };
    },
    structured: async (point) =>
      connect(point, point.models.json).withStructuredOutput(CITY_SCHEMA).invoke(WEATHER),
    embeddings: async (point) =>
      new OllamaEmbeddings({ ...address(point), model: point.models.embed }).embedDocuments(TEXTS),
    abort: async (point) => {
      const leaving = new AbortController();
      const { signal } = leaving;
      try {
        const pieces = await connect(point, point.models.answer).stream(HELLO, { signal });
        for await (const { text } of pieces) if (text !== "") leaving.abort();
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    "wrong key": refusal(chat, statusOf),
    limit: refusal(chat, statusOf),
    cut: stream,
  },
};
