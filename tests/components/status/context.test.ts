import { describe, expect, it } from "vitest";
import { contextOf, estimateTokens, levelOf } from "../../../components/status/context.ts";
import type { ReplyMetadata } from "../../../lib/chat.ts";
import type { Message } from "../../../lib/store/records.ts";

function question(text: string): Message {
  return {
    id: text,
    role: "user",
    parts: [{ id: "0", type: "text", text }],
    state: "done",
    createdAt: 0,
  };
}

function answer(metadata?: ReplyMetadata, text = "Yes."): Message {
  const spoken = question(text);
  return { ...spoken, role: "assistant", ...(metadata === undefined ? {} : { metadata }) };
}

const counts = { model: "qwen3:8b", promptTokens: 900, completionTokens: 100, contextLength: 4096 };

describe("the context in use", () => {
  it("of an empty chat is not told, its length is when the settings tell it", () => {
    expect(contextOf([], {}, "qwen3:8b")).toEqual({});
    expect(contextOf([], { options: { num_ctx: 8192 } }, undefined)).toEqual({
      contextLength: 8192,
    });
  });

  it("is what the last answer counted", () => {
    const branch = [question("a"), answer({ ...counts, promptTokens: 5 }), question("b")];
    expect(contextOf([...branch, answer(counts)], {}, "qwen3:8b")).toEqual({
      usedTokens: 1000,
      contextLength: 4096,
    });
  });

  it("is measured by what the model was loaded with where its first answer could not tell", () => {
    const { contextLength: _told, ...untold } = counts;
    const branch = [question("a"), answer(untold)];
    expect(contextOf(branch, {}, "qwen3:8b", 8192)).toMatchObject({ contextLength: 8192 });
    expect(contextOf([...branch, answer(counts)], {}, "qwen3:8b", 8192)).toMatchObject({
      contextLength: 4096,
    });
  });

  it("adds a guess, and says so, for what came after that", () => {
    const stopped = answer({ model: "qwen3:8b", completionTokens: 40, estimated: true }, "1234");
    const branch = [question("a"), answer(counts), question("12345678"), stopped];
    expect(contextOf(branch, {}, "qwen3:8b")).toEqual({
      usedTokens: 1003,
      contextLength: 4096,
      estimated: true,
    });
  });

  it("counts a text file that goes with a question, and no picture", () => {
    const file = { id: "f", name: "f", mediaType: "text/plain", data: "12345678" };
    const attachments = [
      { ...file, kind: "text" as const },
      { ...file, kind: "image" as const },
    ];
    expect(contextOf([{ ...question("abcd"), attachments }], {}, "m").usedTokens).toBe(3);
  });

  it("counted by another model is a guess, and the length is not that one's", () => {
    expect(contextOf([question("a"), answer(counts)], {}, "gemma3")).toEqual({
      usedTokens: 1000,
      estimated: true,
    });
  });

  it.each([
    ["gemma3", "gemma3:latest"],
    ["host:5000/gemma3", "host:5000/gemma3:latest"],
  ])("%s and %s are one model", (asked, answered) => {
    const use = contextOf([question("a"), answer({ ...counts, model: answered })], {}, asked);
    expect(use).toEqual({ usedTokens: 1000, contextLength: 4096 });
  });

  it.each([
    [2048, 2048],
    [8192, 4096],
  ])("is held against the smaller length: %d asked for, %d given", (wanted, length) => {
    const settings = { options: { num_ctx: wanted } };
    const use = contextOf([question("a"), answer(counts)], settings, "qwen3:8b");
    expect(use.contextLength).toBe(length);
  });
});

describe("a level", () => {
  it.each([
    [79, "fine"],
    [80, "near"],
    [94, "near"],
    [95, "full"],
    [100, "full"],
    [101, "over"],
  ])("at %d of 100 is %s", (used, level) => {
    expect(levelOf(used, 100)).toBe(level);
  });
});

describe("a rough count", () => {
  it.each([
    ["", 0],
    ["abcd", 1],
    ["abcde", 2],
    ["안녕하세요", 5],
    ["日本語 ok", 4],
  ])("of %j is %d", (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });
});
