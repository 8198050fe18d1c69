import type { UIMessageChunk } from "ai";
import { describe, expect, it } from "vitest";
import { withHonestEnd } from "../../components/honest-end.ts";
import { streamOf } from "../helpers/stream-of.ts";

const START: UIMessageChunk = { type: "start" };
const FINISH: UIMessageChunk = { type: "finish" };

async function typesOf(chunks: readonly UIMessageChunk[], signal?: AbortSignal): Promise<string[]> {
  const types: string[] = [];
  const reader = withHonestEnd(streamOf(chunks), signal).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    types.push(read.value.type);
  }
  return types;
}

describe("the end of an answer", () => {
  it("is its finish, or its error", async () => {
    expect(await typesOf([START, FINISH])).toEqual(["start", "finish"]);
    const error: UIMessageChunk = { type: "error", errorText: "no" };
    expect(await typesOf([START, error])).toEqual(["start", "error"]);
  });

  it("is a problem when neither came", async () => {
    expect(await typesOf([START])).toEqual(["start", "data-problem", "error"]);
  });

  it("is just an end when the person stopped it", async () => {
    expect(await typesOf([START], AbortSignal.abort())).toEqual(["start"]);
  });

  it("that nobody reads cancels what it comes from", async () => {
    let cancelled: unknown;
    const source = new ReadableStream<UIMessageChunk>({
      cancel: (reason) => {
        cancelled = reason;
      },
    });
    await withHonestEnd(source, undefined).cancel("left");
    expect(cancelled).toBe("left");
  });
});
