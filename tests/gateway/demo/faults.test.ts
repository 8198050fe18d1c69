import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DemoEngine } from "../../../gateway/demo/server.ts";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import { chat, DIALECTS, streamed, whole } from "./asks.ts";
import { open, send } from "./send.ts";

let engine: DemoEngine;

beforeEach(async () => {
  engine = await startDemoEngine({ controls: { tokensPerSecond: Infinity, loadMs: 0, readMs: 0 } });
});

afterEach(() => engine.close());

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return false;
  }
  return true;
}

describe.each(DIALECTS)("$name, streamed", (dialect) => {
  it("ends properly when nothing is wrong", async () => {
    const answer = await send(engine.url, streamed(dialect));
    expect(answer.complete).toBe(true);
    expect(answer.text).toContain(dialect.end);
  });

  it("is cut inside a record", async () => {
    engine.controls.fault = { kind: "cut-mid-line" };
    const answer = await send(engine.url, streamed(dialect));
    expect(answer).toMatchObject({ status: 200, complete: false });
    expect(answer.text.endsWith("\n")).toBe(false);
    expect(answer.text.length).toBeGreaterThan(0);
    expect(isUtf8(answer.bytes)).toBe(true);
  });

  it("is cut inside a character", async () => {
    engine.controls.fault = { kind: "cut-mid-character" };
    const answer = await send(engine.url, streamed(dialect));
    expect(answer).toMatchObject({ status: 200, complete: false });
    expect(isUtf8(answer.bytes)).toBe(false);
    expect(isUtf8(answer.bytes.subarray(0, -1))).toBe(true);
  });

  it("tells in its own way that the runner died, or does not", async () => {
    engine.controls.fault = { kind: "error-line" };
    const answer = await send(engine.url, streamed(dialect));
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.text).not.toContain(dialect.end);
    const last = answer.text.slice(answer.text.trimEnd().lastIndexOf("\n") + 1);
    expect(last.includes(dialect.failure ?? "unexpected EOF")).toBe(dialect.failure !== undefined);
  });

  it("ends without being done", async () => {
    engine.controls.fault = { kind: "end-without-done" };
    const answer = await send(engine.url, streamed(dialect));
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.text).not.toContain(dialect.end);
    expect(answer.text.endsWith("\n")).toBe(true);
  });

  it("falls silent, then goes on", async () => {
    engine.controls.fault = { kind: "stall", forMs: 60 };
    const answer = await send(engine.url, streamed(dialect));
    expect(answer.text).toContain(dialect.end);
    const { firstByteAt = 0, closedAt = 0 } = engine.requests[0] ?? {};
    expect(closedAt - firstByteAt).toBeGreaterThanOrEqual(59);
  });
});

describe.each(DIALECTS)("$name, before the first byte", (dialect) => {
  it.each([
    ["busy", 503, "server busy, please try again.  maximum pending requests exceeded"],
    ["fail", 500, "llama runner process has terminated: exit status 2"],
  ] as const)("%s", async (kind, status, message) => {
    engine.controls.fault = { kind };
    const answer = await send(engine.url, streamed(dialect));
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toMatch(/^application\/json/u);
    expect(JSON.parse(answer.text)).toMatchObject(Object(dialect.errorOf(message, status)));
  });

  it("slow-headers", async () => {
    engine.controls.fault = { kind: "slow-headers", forMs: 60 };
    const answer = await send(engine.url, streamed(dialect));
    expect(answer.text).toContain(dialect.end);
    const { servedAt = 0, firstByteAt = 0 } = engine.requests[0] ?? {};
    expect(firstByteAt - servedAt).toBeGreaterThanOrEqual(59);
  });
});

describe.each(DIALECTS)("$name, not streamed", (dialect) => {
  it("is one document", async () => {
    const answer = await send(engine.url, whole(dialect));
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.text).toContain("demo engine");
    expect(JSON.parse(answer.text)).toMatchObject({ model: "latchkey-demo" });
  });

  it("is a 500 when the runner dies", async () => {
    engine.controls.fault = { kind: "error-line" };
    const answer = await send(engine.url, whole(dialect));
    const message = "an error was encountered while running the model: unexpected EOF";
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.text)).toMatchObject(Object(dialect.errorOf(message, 500)));
  });

  it.each([
    ["cut-mid-line", true],
    ["cut-mid-character", false],
  ] as const)("%s", async (kind, sound) => {
    engine.controls.fault = { kind };
    const answer = await send(engine.url, whole(dialect));
    expect(answer.complete).toBe(false);
    expect(answer.bytes.length).toBeGreaterThan(0);
    expect(isUtf8(answer.bytes)).toBe(sound);
  });
});

describe("faults in general", () => {
  it("a stall lasts until the client leaves, and says no more", async () => {
    engine.controls.fault = { kind: "stall", afterTokens: 3 };
    const closed = engine.nextClosed();
    const response = await open(engine.url, chat());
    let lines = 0;
    for await (const chunk of response) {
      lines += String(chunk).split("\n").length - 1;
      if (lines === 3) break;
    }
    expect(await closed).toMatchObject({ aborted: true, tokens: 3 });
  });

  it("strike a short reply at its end", async () => {
    engine.controls.fault = { kind: "error-line", afterTokens: 1000 };
    const answer = await send(engine.url, chat());
    expect(answer.text).toContain("unexpected EOF");
    expect(answer.text).not.toContain('"done":true');
  });

  it("strike before the first token when asked to", async () => {
    engine.controls.fault = { kind: "error-line", afterTokens: 0 };
    expect(await send(engine.url, chat())).toMatchObject({ status: 500 });
  });

  it("may hold for one model only", async () => {
    engine.controls.models["latchkey-demo-tools:latest"] = { fault: { kind: "busy" } };
    const [other, struck] = [chat(), chat({ model: "latchkey-demo-tools" })];
    expect(await send(engine.url, other)).toMatchObject({ status: 200 });
    expect(await send(engine.url, struck)).toMatchObject({ status: 503 });
  });

  it("reach embeddings too", async () => {
    engine.controls.fault = { kind: "busy" };
    const body = { model: "latchkey-demo-embed", input: "one" };
    for (const path of ["/api/embed", "/v1/embeddings"]) {
      expect(await send(engine.url, { path, body })).toMatchObject({ status: 503 });
    }
  });

  it("are over once the control says so", async () => {
    engine.controls.fault = { kind: "cut-mid-line" };
    await send(engine.url, chat());
    engine.controls.fault = { kind: "none" };
    expect(await send(engine.url, chat())).toMatchObject({ status: 200, complete: true });
  });
});

describe("a client that reads slowly", () => {
  it("slows the engine down, and a client that leaves stops it", async () => {
    engine.controls.tokens = 5_000_000;
    const response = await open(engine.url, chat());
    const [entry] = engine.requests;
    let before = -1;
    await expect
      .poll(() => {
        const grown = entry?.tokens !== before;
        before = entry?.tokens ?? 0;
        return grown;
      })
      .toBe(false);
    expect(before).toBeLessThan(1_000_000);
    const closed = engine.nextClosed();
    response.destroy();
    await once(response, "close");
    const { tokens } = await closed;
    expect(entry?.tokens).toBe(tokens);
  });
});
