import { APICallError } from "ai";
import { createOllama } from "ollama-ai-provider-v2";
import { aiSdkCells } from "./ai-sdk.ts";
import type { Client, Point } from "./client.ts";

function connect({ appUrl, key }: Point) {
  const headers = { Authorization: `Bearer ${key}` };
  return createOllama({ baseURL: `${appUrl}/ollama/api`, headers });
}

export const ollamaAiProvider: Client = {
  name: "ai + ollama-ai-provider-v2",
  cells: aiSdkCells({
    chatModel: (point, name) => connect(point).chat(name),
    thinkingModel: (point, name) => connect(point).chat(name),
    thinking: { ollama: { think: true } },
    embeddingModel: (point, name) => connect(point).textEmbeddingModel(name),
    statusOf: (error) => (APICallError.isInstance(error) ? error.statusCode : undefined),
  }),
};
