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

describe("tools, from the call to the answer", () => {
  const model = "latchkey-demo-tools";

  it("OpenAI chat", async () => {
    const tools = [{ type: "function", function: { name: "get_weather", parameters: weather } }];
    const first = { model, messages: user("Weather in Seoul?"), tools };
    const { choices } = JSON.parse(await post("/v1/chat/completions", first));
    expect(choices[0].finish_reason).toBe("tool_calls");
    const [call] = choices[0].message.tool_calls;
    expect(JSON.parse(call.function.arguments)).toEqual({ city: "Seoul", unit: "celsius" });
    const result = { role: "tool", tool_call_id: call.id, content: "21" };
    const messages = [...first.messages, choices[0].message, result];
    const second = JSON.parse(await post("/v1/chat/completions", { ...first, messages }));
    expect(second.choices[0].message.content).toContain("The tool answered: 21");
  });

  it("Anthropic messages", async () => {
    const tools = [{ name: "get_weather", input_schema: weather }];
    const first = { model, max_tokens: 512, messages: user("Weather in Seoul?"), tools };
    const { content, stop_reason } = JSON.parse(await post("/v1/messages", first));
    expect(stop_reason).toBe("tool_use");
    expect(content).toMatchObject([{ type: "tool_use", name: "get_weather" }]);
    const result = [{ type: "tool_result", tool_use_id: content[0].id, content: "21" }];
    const messages = [
      ...first.messages,
      { role: "assistant", content },
      { role: "user", content: result },
    ];
    const second = JSON.parse(await post("/v1/messages", { ...first, messages }));
    expect(second).toMatchObject({ stop_reason: "end_turn", content: [{ type: "text" }] });
    expect(second.content[0].text).toContain("The tool answered: 21");
  });

  it("OpenAI responses, streamed", async () => {
    const tools = [{ type: "function", name: "get_weather", parameters: weather }];
    const first = { model, input: "Weather in Seoul?", tools, stream: true };
    const events = dataOf(await post("/v1/responses", first));
    expect(events.map((event) => event.type)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.function_call_arguments.delta",
      "response.function_call_arguments.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const result = { type: "function_call_output", call_id: "call_x", output: "21" };
    const input = [{ role: "user", content: "Weather in Seoul?" }, result];
    const { output } = JSON.parse(await post("/v1/responses", { ...first, input, stream: false }));
    expect(output[0].content[0].text).toContain("The tool answered: 21");
  });
});
