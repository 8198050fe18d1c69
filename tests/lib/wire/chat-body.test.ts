import { describe, expect, it } from "vitest";
import { RelayError } from "../../../lib/errors.ts";
import { decodeChatBody } from "../../../lib/wire/chat-body.ts";

const hello = { role: "user", content: "Hello" };

const withFile = (url: string, mediaType?: string) => ({
  messages: [{ role: "user", parts: [{ type: "file", url, mediaType }] }],
});

/** The message of the refusal of this body. */
function refusalOf(body: unknown): string {
  try {
    decodeChatBody(body);
  } catch (thrown) {
    if (thrown instanceof RelayError && thrown.code === "bad_request") return thrown.message;
    throw thrown;
  }
  throw new Error("it was taken");
}

describe("the body of a chat", () => {
  it("is JSON for plain messages and a stream for UI messages, unless stream says so", () => {
    const ui = { role: "user", parts: [{ type: "text", text: "Hello" }] };
    expect(decodeChatBody({ messages: [hello] }).stream).toBe(false);
    expect(decodeChatBody({ messages: [ui] }).stream).toBe(true);
    expect(decodeChatBody({ messages: [hello], stream: true }).stream).toBe(true);
    expect(decodeChatBody({ messages: [ui], stream: false }).stream).toBe(false);
  });

  it("keeps the text of UI messages and leaves out thoughts, data parts and step marks", () => {
    const parts = [
      { type: "step-start" },
      { type: "reasoning", text: "a thought" },
      { type: "text", text: "One" },
      { type: "data-problem", data: {} },
      { type: "text", text: "Two" },
    ];
    const { messages } = decodeChatBody({ messages: [{ id: "1", role: "assistant", parts }] });
    expect(messages).toEqual([{ role: "assistant", content: "One\n\nTwo" }]);
  });

  it("takes what the AI SDK's transport adds", () => {
    const body = { id: "chat", trigger: "submit-message", messageId: "m", messages: [hello] };
    expect(decodeChatBody(body).messages).toEqual([hello]);
  });

  it("clamps options and drops unknown ones", () => {
    const options = { temperature: 9, num_ctx: 1, num_predict: 1e9, seed: 7, num_gpu: 99 };
    expect(decodeChatBody({ messages: [hello], options }).options).toEqual({
      temperature: 2,
      num_ctx: 256,
      num_predict: 131_072,
      seed: 7,
    });
  });

  it("takes no more messages by way of steps than it would take as such", () => {
    const step = [{ type: "step-start" }, { type: "text", text: "x" }];
    const parts = Array.from({ length: 2_001 }, () => step).flat();
    expect(refusalOf({ messages: [{ role: "user", parts }] })).toMatch(/^messages: at most 2000/);
  });

  it("takes images and text files out of their data: URLs, and fetches nothing", () => {
    const parts = [
      { type: "text", text: "Look:" },
      { type: "file", mediaType: "image/png", url: "data:image/png;base64,aGVsbG8=" },
      {
        type: "file",
        mediaType: "text/plain",
        filename: "note.txt",
        url: `data:text/plain;base64,${Buffer.from("안녕").toString("base64")}`,
      },
    ];
    expect(decodeChatBody({ messages: [{ role: "user", parts }] }).messages).toEqual([
      { role: "user", content: "Look:\n\nnote.txt:\n\n안녕", images: ["aGVsbG8="] },
    ]);
  });

  it("makes of an assistant's steps what Ollama takes: calls, their results, the next words", () => {
    const done = { toolCallId: "c1", state: "output-available", input: { city: "Seoul" } };
    const parts = [
      { type: "step-start" },
      { type: "text", text: "Let me see." },
      { type: "tool-get_weather", ...done, output: { degrees: 21 } },
      {
        type: "dynamic-tool",
        toolName: "clock",
        toolCallId: "c2",
        state: "output-error",
        errorText: "broken",
      },
      { type: "tool-never", toolCallId: "c3", state: "input-available", input: {} },
      { type: "step-start" },
      { type: "text", text: "21 degrees." },
    ];
    expect(decodeChatBody({ messages: [{ role: "assistant", parts }] }).messages).toEqual([
      {
        role: "assistant",
        content: "Let me see.",
        tool_calls: [
          { id: "c1", function: { name: "get_weather", arguments: { city: "Seoul" } } },
          { id: "c2", function: { name: "clock", arguments: {} } },
        ],
      },
      { role: "tool", content: '{"degrees":21}', tool_name: "get_weather", tool_call_id: "c1" },
      { role: "tool", content: '{"error":"broken"}', tool_name: "clock", tool_call_id: "c2" },
      { role: "assistant", content: "21 degrees." },
    ]);
  });

  it.each([
    [300, 300],
    ["5m", 300],
    ["1h30m", 3_600],
    ["-1", 3_600],
    [-1, 3_600],
    [0, 0],
    ["1500ms", 2],
  ])("keeps a model in memory for an hour at the most: keep_alive %j is %d s", (sent, seconds) => {
    expect(decodeChatBody({ messages: [hello], keep_alive: sent }).keepAlive).toBe(seconds);
  });

  it("takes no number of tokens for one: a negative one is without end for Ollama, and the cap here", () => {
    const { options } = decodeChatBody({ messages: [hello], options: { num_predict: -1 } });
    expect(options.num_predict).toBe(131_072);
  });

  it.each([
    [{}, /^messages: /],
    [[], /^body: /],
    [{ messages: [] }, /^messages: /],
    [{ messages: [{ role: "user" }] }, /^messages\.0: either content or parts/],
    [{ messages: [{ ...hello, parts: [] }] }, /^messages\.0: either content or parts/],
    [{ messages: [{ role: "robot", content: "x" }] }, /^messages\.0\.role: /],
    [{ messages: [{ ...hello, images: ["not base64!"] }] }, /^messages\.0\.images\.0: base64/],
    [{ messages: [{ ...hello, tool_calls: [{}] }] }, /^messages\.0\.tool_calls\.0\.function: /],
    [{ messages: Array.from({ length: 2_001 }, () => hello) }, /^messages: /],
    [{ messages: [hello], options: { temperature: "hot" } }, /^options\.temperature: /],
    [{ messages: [hello], options: { num_ctx: 1.5 } }, /^options\.num_ctx: /],
    [{ messages: [hello], think: "hard" }, /^think: /],
    [{ messages: [hello], tools: [{ type: "function" }] }, /^tools\.0\.function: /],
    [{ messages: [hello], format: "xml" }, /^format: /],
    [{ messages: [hello], keep_alive: "soon" }, /^keep_alive: /],
    [{ messages: [hello], context: "drop" }, /^context: /],
    [withFile("https://elsewhere.example/x.png", "image/png"), /^messages\.0\.parts\.0: .*data:/],
    [withFile("data:application/zip;base64,AAAA"), /^messages\.0\.parts\.0: only images and text/],
    [withFile("data:image/png,x"), /^messages\.0\.parts\.0: .*base64/],
    [withFile("data:text/plain;base64,%%%"), /^messages\.0\.parts\.0: .*cannot be read/],
  ])("refuses %j and names the place", (body, place) => {
    expect(refusalOf(body)).toMatch(place);
  });
});
