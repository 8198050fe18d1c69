import { asSchema, readUIMessageStream, uiMessageChunkSchema, type UIMessageChunk } from "ai";
import { describe, expect, it } from "vitest";
import { RelayError } from "../../../lib/errors.ts";
import { UiMessageStreamEncoder } from "../../../lib/wire/ui-message-stream.ts";
import { streamOf } from "../../helpers/stream-of.ts";

/** The parts of an encoded stream, each held to the AI SDK's own schema. */
async function partsOf(encoded: string): Promise<UIMessageChunk[]> {
  const events = encoded.split("\n\n").slice(0, -1);
  expect(events.at(-1)).toBe("data: [DONE]");
  const schema = asSchema(uiMessageChunkSchema);
  const parts: UIMessageChunk[] = [];
  for (const event of events.slice(0, -1)) {
    expect(event.startsWith("data: ")).toBe(true);
    const checked = await schema.validate?.(JSON.parse(event.slice(6)));
    if (checked?.success !== true) throw new Error(`not a part: ${event}`);
    parts.push(checked.value);
  }
  return parts;
}

async function messageOf(parts: readonly UIMessageChunk[]) {
  let last;
  for await (const message of readUIMessageStream({ stream: streamOf(parts) })) {
    last = message;
  }
  return last;
}

function encodeReply(): string {
  const encoder = new UiMessageStreamEncoder();
  return (
    encoder.start({ model: "m:latest" }) +
    encoder.status({ phase: "connecting", at: 0 }) +
    encoder.events([{ type: "thinking", text: "Hm" }], 5) +
    encoder.events(
      [
        { type: "thinking", text: "m." },
        { type: "text", text: 'Say "안녕"\n' },
        { type: "text", text: "🔑" },
      ],
      9,
    ) +
    encoder.finish({ totalMs: 12, completionTokens: 3 })
  );
}

describe("the UI message stream", () => {
  it("is valid for the AI SDK, part by part, and reads back as the message", async () => {
    const message = await messageOf(await partsOf(encodeReply()));
    expect(message?.parts).toMatchObject([
      { type: "step-start" },
      { type: "reasoning", text: "Hmm.", state: "done" },
      { type: "text", text: 'Say "안녕"\n🔑', state: "done" },
    ]);
    expect(message?.metadata).toEqual({ model: "m:latest", totalMs: 12, completionTokens: 3 });
  });

  it("makes one delta of what came in one read", async () => {
    const deltas = (await partsOf(encodeReply())).filter(({ type }) => type === "text-delta");
    expect(deltas).toHaveLength(1);
  });

  it("tells each phase once, before what it announces", async () => {
    const told = (await partsOf(encodeReply())).map((part) =>
      part.type === "data-status" ? JSON.stringify(part.data) : part.type,
    );
    expect(told.filter((entry) => entry.startsWith("{"))).toEqual([
      '{"phase":"connecting","at":0}',
      '{"phase":"thinking","at":5}',
      '{"phase":"writing","at":9}',
    ]);
    expect(told.indexOf('{"phase":"writing","at":9}')).toBeLessThan(told.indexOf("text-start"));
  });

  it("carries tool calls, with an id of its own where Ollama gave none, and ends for them", async () => {
    const encoder = new UiMessageStreamEncoder();
    const call = { type: "tool-call", name: "get_weather", input: { city: "Seoul" } } as const;
    const parts = await partsOf(
      encoder.start({ requestId: "r" }) +
        encoder.events(
          [
            { type: "text", text: "Let me see." },
            { ...call, id: undefined },
          ],
          1,
        ) +
        encoder.events([{ ...call, id: "call_7" }], 2) +
        encoder.finish({ doneReason: "stop" }),
    );
    const message = await messageOf(parts);
    expect(message?.parts).toMatchObject([
      { type: "step-start" },
      { type: "text", text: "Let me see.", state: "done" },
      { type: "tool-get_weather", toolCallId: "r-1", state: "input-available", input: call.input },
      { type: "tool-get_weather", toolCallId: "call_7", state: "input-available" },
    ]);
    expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: "tool-calls" });
  });

  it("ends a failure with problem, metadata, error, and no finish, the text kept", async () => {
    const encoder = new UiMessageStreamEncoder();
    const problem = new RelayError("ollama_failed").toObject("request-1");
    const encoded =
      encoder.start({}) +
      encoder.events([{ type: "text", text: "Half an ans" }], 1) +
      encoder.fail(problem, { totalMs: 3 });
    const types = (await partsOf(encoded)).map(({ type }) => type);
    expect(types.slice(-4)).toEqual(["text-end", "data-problem", "message-metadata", "error"]);
    expect(types).not.toContain("finish");
    expect(encoded).toContain("Half an ans");
  });
});
