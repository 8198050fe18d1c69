import { describe, expect, it } from "vitest";
import { RelayError } from "../../../lib/errors.ts";
import { decodeChatBody } from "../../../lib/wire/chat-body.ts";

const hello = { role: "user", content: "Hello" };

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

  it.each([
    [{}, /^messages: /],
    [[], /^body: /],
    [{ messages: [] }, /^messages: /],
    [{ messages: [{ role: "user" }] }, /^messages\.0: either content or parts/],
    [{ messages: [{ ...hello, parts: [] }] }, /^messages\.0: either content or parts/],
    [{ messages: [{ role: "robot", content: "x" }] }, /^messages\.0\.role: /],
    [{ messages: [{ ...hello, images: ["aGk="] }] }, /^messages\.0\.images: not taken/],
    [{ messages: [{ ...hello, tool_calls: [] }] }, /^messages\.0\.tool_calls: not taken/],
    [{ messages: Array.from({ length: 2_001 }, () => hello) }, /^messages: /],
    [{ messages: [hello], options: { temperature: "hot" } }, /^options\.temperature: /],
    [{ messages: [hello], options: { num_ctx: 1.5 } }, /^options\.num_ctx: /],
    [{ messages: [hello], think: "hard" }, /^think: /],
    [{ messages: [hello], tools: [] }, /^tools: not taken/],
    [
      { messages: [{ role: "user", parts: [{ type: "file", url: "data:," }] }] },
      /^messages\.0\.parts\.0: files/,
    ],
  ])("refuses %j and names the place", (body, place) => {
    expect(refusalOf(body)).toMatch(place);
  });
});
