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

describe("embeddings", () => {
  const model = "latchkey-demo-embed";

  it("bring together what is alike", async () => {
    const input = ["the key to the door", "the door and its key", "eleven purple elephants"];
    const { embeddings } = JSON.parse(await post("/api/embed", { model, input }));
    const [one = [], two = [], other = []]: number[][] = embeddings;
    const likeness = (left: number[], right: number[]) =>
      left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
    expect(likeness(one, one)).toBeCloseTo(1);
    expect(likeness(one, two)).toBeGreaterThan(likeness(one, other));
  });

  it("are the same numbers as base64", async () => {
    const plain = JSON.parse(await post("/v1/embeddings", { model, input: "one" }));
    const body = { model, input: "one", encoding_format: "base64" };
    const packed = JSON.parse(await post("/v1/embeddings", body));
    const bytes = Buffer.from(packed.data[0].embedding, "base64");
    expect(bytes.readFloatLE(0)).toBeCloseTo(plain.data[0].embedding[0]);
    expect(bytes.length).toBe(4 * plain.data[0].embedding.length);
  });

  it("of nothing are none", async () => {
    expect(JSON.parse(await post("/api/embeddings", { model, prompt: "" }))).toEqual({
      embedding: [],
    });
    const answer = await send(engine.url, { path: "/v1/embeddings", body: { model, input: [] } });
    expect(answer.status).toBe(400);
  });
});
