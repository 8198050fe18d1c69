import {
  type EmbeddingModel,
  embedMany,
  generateText,
  isStepCount,
  jsonSchema,
  type LanguageModel,
  Output,
  streamText,
  tool,
} from "ai";
import { type Capability, type Point, type Probe, refusal, type Seen } from "./client.ts";
import { CITY_SCHEMA, DEGREES, HELLO, TEXTS, TOOL, WEATHER } from "./question.ts";

/** What sets one of the AI SDK's providers apart. */
export interface Provider {
  readonly chatModel: (point: Point, name: string) => LanguageModel;
  /** The same, told to think. */
  readonly thinkingModel: (point: Point, name: string) => LanguageModel;
  readonly embeddingModel: (point: Point, name: string) => EmbeddingModel;
  readonly statusOf: (error: unknown) => number | undefined;
  /** How its options ask for a thought. */
  readonly thinking?: Parameters<typeof generateText>[0]["providerOptions"];
}

const weather = tool({
  description: TOOL.description,
  inputSchema: jsonSchema<{ city: string }>(TOOL.parameters),
  execute: () => DEGREES,
});

type AllCells = { readonly [Name in Capability]: Probe<Seen[Name]> };

/** What the AI SDK does with a provider. */
export function aiSdkCells(provider: Provider): AllCells {
  const chat = async (point: Point, options?: { maxRetries: number }): Promise<string> => {
    const model = provider.chatModel(point, point.models.answer);
    return (await generateText({ model, prompt: HELLO, ...options })).text;
  };

  /** The SDK tells an error in its stream, as a part, and writes it to the console too unless told not to. */
  const read = (point: Point, abortSignal?: AbortSignal) =>
    streamText({
      model: provider.chatModel(point, point.models.answer),
      prompt: HELLO,
      onError: () => undefined,
      ...(abortSignal === undefined ? {} : { abortSignal }),
    }).stream;

  const stream = async (point: Point): Promise<void> => {
    for await (const part of read(point)) {
      if (part.type === "error") throw part.error;
      if (part.type === "text-delta") point.tell(part.text);
    }
  };

  return {
    chat,
    stream,
    tools: async (point) => {
      const { steps, text } = await generateText({
        model: provider.chatModel(point, point.models.tools),
        prompt: WEATHER,
        tools: { [TOOL.name]: weather },
        stopWhen: isStepCount(2),
      });
      const call = steps[0]?.toolCalls[0];
      if (call === undefined) throw new Error("There is no call.");
      return { name: call.toolName, input: call.input, text };
    },
    thinking: async (point) => {
      const { reasoningText, text } = await generateText({
        model: provider.thinkingModel(point, point.models.think),
        prompt: HELLO,
        ...(provider.thinking === undefined ? {} : { providerOptions: provider.thinking }),
      });
      return { thinking: reasoningText ?? "", text };
    },
    structured: async (point) => {
      const { output } = await generateText({
        model: provider.chatModel(point, point.models.json),
        prompt: WEATHER,
        output: Output.object({ schema: jsonSchema(CITY_SCHEMA) }),
      });
      return output;
    },
    embeddings: async (point) => {
      const model = provider.embeddingModel(point, point.models.embed);
      return (await embedMany({ model, values: TEXTS })).embeddings;
    },
    abort: async (point) => {
      const leaving = new AbortController();
      for await (const part of read(point, leaving.signal)) {
        if (part.type === "text-delta") leaving.abort();
      }
    },
    "wrong key": refusal(chat, provider.statusOf),
    limit: refusal((point) => chat(point, { maxRetries: 0 }), provider.statusOf),
    cut: stream,
  };
}
