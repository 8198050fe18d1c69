import { createOllama } from "ai-sdk-ollama";
import { expect } from "vitest";
import { aiSdkCells } from "./ai-sdk.ts";
import type { Client, Point } from "./client.ts";

function connect({ appUrl, key }: Point) {
  return createOllama({ baseURL: `${appUrl}/ollama`, apiKey: key });
}

/** Its OllamaError keeps the error of the `ollama` package as its cause. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || error.name !== "OllamaError") return undefined;
  const { cause } = error;
  if (!(cause instanceof Error) || !("status_code" in cause)) return undefined;
  return Number(cause.status_code);
}

const cells = aiSdkCells({
  chatModel: (point, name) => connect(point).chat(name),
  thinkingModel: (point, name) => connect(point).chat(name, { think: true }),
  embeddingModel: (point, name) => connect(point).textEmbeddingModel(name),
  statusOf,
});

export const aiSdkOllama: Client = {
  name: "ai + ai-sdk-ollama",
  cells: {
    ...cells,
    abort: {
      cannot:
        "it hands its signal to the ollama package, whose chat takes none: the engine goes on",
      shown: async (point) => {
        await cells.abort(point);
        expect(await point.left()).toBe(false);
      },
    },
  },
};
