import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoEngine } from "../../../gateway/demo/server.ts";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import { send } from "./send.ts";

let engine: DemoEngine;

beforeAll(async () => {
  engine = await startDemoEngine({ controls: { tokensPerSecond: Infinity, loadMs: 0, readMs: 0 } });
});

afterAll(() => engine.close());

async function post(path: string, body: unknown) {
  const answer = await send(engine.url, { path, body });
  expect(answer).toMatchObject({ status: 200, complete: true });
  return answer.text;
}

/** The data of a stream of events; `[DONE]` left out. */
function dataOf(text: string): Record<string, unknown>[] {
  const lines = text.split("\n").filter((line) => line.startsWith("data: {"));
  return lines.map((line) => JSON.parse(line.slice("data: ".length)));
}

const user = (content: string) => [{ role: "user", content }];
const weather = {
  type: "object",
  properties: { city: { type: "string" }, unit: { type: "string", enum: ["celsius"] } },
};

describe("what the models say", () => {
  it.each([
    ["Hello", "real model"],
    ["How do I deploy this to Vercel?", "Putting the web half on Vercel"],
    ["안녕하세요?", "언어 모델이 아닙니다"],
  ])("%s: honest, and to the point", async (message, words) => {
    const body = { model: "latchkey-demo", messages: user(message), stream: false };
    const { message: reply } = JSON.parse(await post("/api/chat", body));
    expect(reply.content).toContain(words);
    for (const mark of ["# ", "| ", "```", "$", "**", "ollama pull", "npm run up"]) {
      expect(reply.content).toContain(mark);
    }
    expect(reply.content).toMatch(/\*\*\p{Script=Hangul}[^*]*\*\*\p{Script=Hangul}/u);
    expect(reply.content).toMatch(/\p{Extended_Pictographic}/u);
  });

  it("is the same streamed and whole, piece by piece and not cut within a character", async () => {
    const body = { model: "latchkey-demo-thinking", messages: user("키") };
    const whole = JSON.parse(await post("/api/chat", { ...body, stream: false })).message;
    const lines = (await post("/api/chat", body)).trimEnd().split("\n");
    const pieces = lines.map((line) => JSON.parse(line).message);
    expect(pieces.map((piece) => piece.content).join("")).toBe(whole.content);
    expect(pieces.map((piece) => piece.thinking ?? "").join("")).toBe(whole.thinking);
    expect(pieces.length).toBeGreaterThan(100);
  });

  it("is as long as the control says, the text said over again", async () => {
    engine.controls.tokens = 1000;
    const text = await post("/api/chat", { model: "latchkey-demo", messages: user("Hello") });
    engine.controls.tokens = undefined;
    expect(text.trimEnd().split("\n")).toHaveLength(1001);
    expect(text).toContain('"eval_count":1000');
  });

  it("is JSON of the wanted shape", async () => {
    const format = {
      type: "object",
      properties: {
        ...weather.properties,
        degrees: { type: "number" },
        windy: { type: "boolean" },
        days: { type: "array", items: { type: "integer" } },
      },
    };
    const body = { model: "latchkey-demo", messages: user("Weather in Busan?"), stream: false };
    const { message } = JSON.parse(await post("/api/chat", { ...body, format }));
    expect(JSON.parse(message.content)).toEqual({
      city: "Busan",
      unit: "celsius",
      degrees: 21,
      windy: true,
      days: [21],
    });
    const plain = JSON.parse(await post("/api/chat", { ...body, format: "json" }));
    expect(JSON.parse(plain.message.content)).toEqual({ answer: "This is the demo engine." });
  });
});

describe("thinking, where no recording shows it", () => {
  const model = "latchkey-demo-thinking";

  it("OpenAI responses, streamed: the thought is an item of its own", async () => {
    const events = dataOf(await post("/v1/responses", { model, input: "Hello", stream: true }));
    const types = events.map((event) => String(event.type).replace("response.", ""));
    expect(types.filter((type, at) => type !== types[at - 1])).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "reasoning_summary_text.delta",
      "reasoning_summary_text.done",
      "output_item.done",
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
    const { response } = Object(events.at(-1));
    expect(response.output).toMatchObject([{ type: "reasoning" }, { type: "message" }]);
    const indexes = events.map((event) => event.output_index).filter((at) => at !== undefined);
    expect(new Set(indexes)).toEqual(new Set([0, 1]));
  });

  it.each([
    ["/v1/chat/completions", { messages: user("Hello") }, "reasoning"],
    ["/v1/messages", { messages: user("Hello"), max_tokens: 999 }, "thinking"],
    ["/v1/responses", { input: "Hello" }, "encrypted_content"],
    ["/api/generate", { prompt: "Hello", stream: false }, "thinking"],
  ])("%s, not streamed", async (path, body, field) => {
    expect(await post(path, { model, ...body })).toContain(`"${field}":"The person wrote`);
  });

  it.each([
    ["/v1/chat/completions", { messages: user("Hello"), reasoning_effort: "none" }],
    ["/v1/messages", { messages: user("Hello"), max_tokens: 9, thinking: { type: "disabled" } }],
    ["/v1/responses", { input: "Hello", reasoning: { effort: "none" } }],
  ])("%s, turned off", async (path, body) => {
    expect(await post(path, { model, ...body })).not.toContain("The person wrote");
  });
});

describe("content in blocks", () => {
  const blocks = [
    { type: "text", text: "Is the " },
    { type: "text", text: "door safe?" },
  ];

  it.each([
    ["/v1/chat/completions", { messages: [{ role: "user", content: blocks }] }],
    ["/v1/messages", { messages: [{ role: "user", content: blocks }], max_tokens: 99 }],
    ["/v1/responses", { input: [{ role: "user", content: blocks }] }],
  ])("%s", async (path, body) => {
    expect(await post(path, { model: "latchkey-demo", ...body })).toContain("Keys, doors");
  });

  it("refuses a picture in each dialect", async () => {
    const data = "iVBORw0KGgo=";
    const url = { type: "image_url", image_url: { url: `data:image/png;base64,${data}` } };
    const source = { type: "image", source: { type: "base64", data } };
    const asks = [
      { path: "/v1/chat/completions", body: { messages: [{ role: "user", content: [url] }] } },
      {
        path: "/v1/messages",
        body: { messages: [{ role: "user", content: [source] }], max_tokens: 9 },
      },
    ];
    for (const { path, body } of asks) {
      const answer = await send(engine.url, { path, body: { model: "latchkey-demo", ...body } });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain("does not support multimodal requests");
    }
  });
});
