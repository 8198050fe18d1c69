import { expect } from "vitest";
import { startConnector } from "../../gateway/connect/connector.ts";
import { parts } from "../helpers/parts.ts";
import { type Client, type Point, refusal } from "./client.ts";
import { type Ended, ProgramFailed, type ProgramOptions, runProgram } from "./program.ts";
import { CITY_SCHEMA, HELLO, WEATHER } from "./question.ts";

/** The command can hold nothing but an address: the connector adds the key. */
async function ollama(
  { appUrl, key }: Point,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Ended> {
  const connector = await startConnector({ appUrl, key, port: 0 });
  try {
    const env = { OLLAMA_HOST: `127.0.0.1:${connector.port}`, HOME: process.env["HOME"] ?? "" };
    return await runProgram([parts.ollama ?? "ollama", ...args], { ...options, env });
  } finally {
    await connector.close();
  }
}

async function run(point: Point, args: readonly string[]): Promise<string> {
  return (await ollama(point, ["run", ...args])).stdout;
}

const chat = (point: Point): Promise<string> => run(point, [point.models.answer, HELLO]);

const stream = (point: Point): Promise<Ended> =>
  ollama(point, ["run", point.models.answer, HELLO], { onPiece: (text) => point.tell(text) });

/** It ends with 1 and says what it was told, without the status. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof ProgramFailed) || error.ended.code !== 1) return undefined;
  if (error.ended.stderr.includes("No valid access key")) return 401;
  return error.ended.stderr.includes("That was more requests") ? 429 : undefined;
}

export const ollamaCommand: Client = {
  name: "ollama (command)",
  isMissing: parts.ollama === undefined,
  cells: {
    chat: async (point) => {
      const { answer } = point.models;
      const text = await chat(point);
      expect((await ollama(point, ["list"])).stdout).toContain(answer);
      expect((await ollama(point, ["ps"])).stdout).toContain(answer);
      expect((await ollama(point, ["show", answer])).stdout).toContain("completion");
      return text;
    },
    stream,
    tools: { cannot: "the command has no flag for tools" },
    thinking: async (point) => {
      const said = await run(point, ["--think", point.models.think, HELLO]);
      const [thinking = "", text = ""] = said.split("...done thinking.");
      return { thinking: thinking.replace("Thinking...", "").trim(), text };
    },
    structured: async (point) => {
      const format = ["--format", JSON.stringify(CITY_SCHEMA)];
      return JSON.parse(await run(point, [...format, point.models.json, WEATHER]));
    },
    embeddings: { cannot: "the command of 2025 has no embeddings" },
    abort: (point) =>
      ollama(point, ["run", point.models.answer, HELLO], {
        onPiece: (text, interrupt) => {
          if (text.trim() !== "") interrupt();
        },
      }),
    "wrong key": refusal(chat, statusOf),
    limit: refusal(chat, statusOf),
    cut: stream,
  },
};
