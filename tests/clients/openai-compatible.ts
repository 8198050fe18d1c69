import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError } from "ai";
import { aiSdkCells } from "./ai-sdk.ts";
import type { Client, Point } from "./client.ts";
import { thoughtInText } from "./old-ollama.ts";

function connect({ appUrl, key }: Point) {
  return createOpenAICompatible({
    name: "latchkey",
    baseURL: `${appUrl}/v1`,
    apiKey: key,
    // Without it the provider leaves the schema out of what it sends.
    supportsStructuredOutputs: true,
  });
}

const cells = aiSdkCells({
  chatModel: (point, name) => connect(point).chatModel(name),
  thinkingModel: (point, name) => connect(point).chatModel(name),
  embeddingModel: (point, name) => connect(point).embeddingModel(name),
  statusOf: (error) => (APICallError.isInstance(error) ? error.statusCode : undefined),
});

export const openaiCompatible: Client = {
  name: "ai + openai-compatible",
  cells,
  behindOldOllama: { thinking: thoughtInText(cells.thinking) },
};
