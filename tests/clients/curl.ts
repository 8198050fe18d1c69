import { z } from "zod";
import { type Client, type Point, refusal } from "./client.ts";
import { type Ended, ProgramFailed, type ProgramOptions, runProgram } from "./program.ts";
import { CITY_SCHEMA, DEGREES, FUNCTION_TOOL, HELLO, TEXTS, WEATHER } from "./question.ts";

const messages = [{ role: "user", content: HELLO }];

/** As a person types it, `--fail-with-body` so that a refusal is an exit code too. */
function curl(
  { appUrl, key }: Point,
  path: string,
  body: object,
  options?: ProgramOptions,
): Promise<Ended> {
  const flags = ["-sS", "-N", "--fail-with-body"];
  const headers = ["-H", `Authorization: Bearer ${key}`, "-H", "Content-Type: application/json"];
  const url = `${appUrl}/ollama${path}`;
  return runProgram(["curl", ...flags, ...headers, "-d", JSON.stringify(body), url], options);
}

const record = z.object({
  error: z.string().optional(),
  message: z
    .object({
      content: z.string(),
      thinking: z.string().optional(),
      tool_calls: z
        .array(z.object({ function: z.object({ name: z.string(), arguments: z.unknown() }) }))
        .optional(),
    })
    .optional(),
});

async function once(point: Point, body: object): Promise<z.infer<typeof record>> {
  const { stdout } = await curl(point, "/api/chat", { ...body, stream: false });
  return record.parse(JSON.parse(stdout));
}

async function chat(point: Point): Promise<string> {
  return (await once(point, { model: point.models.answer, messages })).message?.content ?? "";
}

/** It shows the stream as it is, and so the error that is its last line; only here it is thrown. */
async function stream(point: Point): Promise<void> {
  let rest = "";
  const onPiece = (text: string): void => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) point.tell(record.parse(JSON.parse(line)).message?.content ?? "");
  };
  const body = { model: point.models.answer, messages };
  const { stdout } = await curl(point, "/api/chat", body, { onPiece });
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  const { error } = record.parse(JSON.parse(last));
  if (error !== undefined) throw new Error(error);
}

/** With that flag it ends with 22 for any status from 400 on, and says which. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof ProgramFailed) || error.ended.code !== 22) return undefined;
  return Number(/returned error: (\d+)/u.exec(error.ended.stderr)?.[1]);
}

export const curlCommand: Client = {
  name: "curl",
  cells: {
    chat,
    stream,
    tools: async (point) => {
      const request = { model: point.models.tools, tools: [FUNCTION_TOOL] };
      const question = { role: "user", content: WEATHER };
      const { message } = await once(point, { ...request, messages: [question] });
      const call = message?.tool_calls?.[0]?.function;
      if (call === undefined) throw new Error("There is no call.");
      const result = { role: "tool", tool_name: call.name, content: DEGREES };
      const told = await once(point, { ...request, messages: [question, message, result] });
      return { name: call.name, input: call.arguments, text: told.message?.content ?? "" };
    },
    thinking: async (point) => {
      const { message } = await once(point, { model: point.models.think, think: true, messages });
      return { thinking: message?.thinking ?? "", text: message?.content ?? "" };
    },
    structured: async (point) => {
      const question = { role: "user", content: WEATHER };
      const body = { model: point.models.json, messages: [question], format: CITY_SCHEMA };
      return JSON.parse((await once(point, body)).message?.content ?? "");
    },
    embeddings: async (point) => {
      const { stdout } = await curl(point, "/api/embed", {
        model: point.models.embed,
        input: TEXTS,
      });
      return z.object({ embeddings: z.array(z.array(z.number())) }).parse(JSON.parse(stdout))
        .embeddings;
    },
    abort: (point) =>
      curl(
        point,
        "/api/chat",
        { model: point.models.answer, messages },
        {
          onPiece: (_text, interrupt) => interrupt(),
        },
      ),
    "wrong key": refusal(chat, statusOf),
    limit: refusal(chat, statusOf),
    cut: stream,
  },
};
