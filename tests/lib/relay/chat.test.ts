import { createHash, randomBytes } from "node:crypto";
import { parseJsonEventStream, readUIMessageStream, uiMessageChunkSchema } from "ai";
import { NextRequest } from "next/server";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import { ERROR_TABLE } from "../../../lib/error-table.ts";
import { later } from "../../helpers/later.ts";
import { streamOf } from "../../helpers/stream-of.ts";

const accessKey = randomBytes(32).toString("hex");
const engine = await startDemoEngine();
vi.stubEnv("OLLAMA_BASE_URL", engine.url);
vi.stubEnv("OLLAMA_API_KEY", randomBytes(32).toString("hex"));
vi.stubEnv("SESSION_SECRET", randomBytes(32).toString("hex"));
vi.stubEnv("ACCESS_KEYS", `owner:owner:${createHash("sha256").update(accessKey).digest("hex")}`);
vi.stubEnv("FIRST_TOKEN_SECONDS", "2");
vi.stubEnv("IDLE_SECONDS", "1");
vi.stubEnv("MAX_BODY_BYTES", "100000");
vi.stubEnv("REQUESTS_PER_MINUTE", "0");
const { relayChat } = await import("../../../lib/relay/chat.ts");
const { relayModels } = await import("../../../lib/relay/models.ts");
const { findRequest } = await import("../../../lib/requests.ts");

afterAll(() => engine.close());

beforeEach(() => {
  const calm = { tokensPerSecond: Infinity, loadMs: 0, readMs: 0, delayBeforeFirstTokenMs: 0 };
  Object.assign(engine.controls, calm, { fault: { kind: "none" }, tokens: undefined, models: {} });
});

interface Asked {
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

function ask(body: unknown, { headers = {}, signal }: Asked = {}): Promise<Response> {
  return relayChat(
    new NextRequest("http://127.0.0.1:3000/api/chat", {
      method: "POST",
      headers: { authorization: `Bearer ${accessKey}`, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    }),
    later,
  );
}

const streamed = (model = "latchkey-demo", more: object = {}) => ({
  model,
  messages: [{ role: "user", parts: [{ type: "text", text: "Hello" }] }],
  ...more,
});

/** The body of the last chat that reached the engine, not of the questions that go beside it. */
function lastChat(): unknown {
  return engine.requests.findLast(({ path }) => path === "/api/chat")?.body;
}

/** Every part of a streamed answer, each valid for the AI SDK. */
async function partsOf(response: Response) {
  if (response.body === null) throw new Error("no body");
  const events = parseJsonEventStream({ stream: response.body, schema: uiMessageChunkSchema });
  const parts = [];
  for await (const event of events) {
    if (!event.success) throw event.error;
    parts.push(event.value);
  }
  return parts;
}

async function codeOf(response: Response): Promise<unknown> {
  const body: unknown = await response.json();
  return body;
}

describe("a streamed chat", () => {
  it("comes as a UI message stream, text whole, with what Ollama counted", async () => {
    const response = await ask(streamed());
    expect(response.status).toBe(200);
    expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    const parts = await partsOf(response);
    let message;
    for await (const state of readUIMessageStream({ stream: streamOf(parts) })) {
      message = state;
    }
    const text = message?.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join();
    expect(text).toMatch(/demo engine/);
    expect(message?.metadata).toMatchObject({
      model: "latchkey-demo:latest",
      requestId: response.headers.get("x-request-id"),
      doneReason: "stop",
      completionTokens: expect.any(Number),
      tokensPerSecond: expect.any(Number),
    });
    expect(parts.at(-1)?.type).toBe("finish");
  });

  it("tells thinking from writing, and always says whether to think", async () => {
    const parts = await partsOf(await ask(streamed("latchkey-demo-thinking")));
    const types = parts.map(({ type }) => type);
    expect(types.indexOf("reasoning-delta")).toBeLessThan(types.indexOf("text-delta"));
    const phases = parts.flatMap((part) => (part.type === "data-status" ? [part.data] : []));
    expect(phases.map((phase) => JSON.stringify(phase)).join()).toMatch(
      /connecting.*thinking.*writing/,
    );
    expect(lastChat()).toMatchObject({ think: true });
    await partsOf(await ask(streamed("latchkey-demo-thinking", { think: false })));
    expect(lastChat()).toMatchObject({ think: false });
  });

  it("sends the clamped options and nothing else of the body's", async () => {
    const more = { options: { temperature: 5, num_gpu: 3 }, keepalive: 1, think: false };
    await partsOf(await ask(streamed("latchkey-demo", more)));
    expect(lastChat()).toEqual({
      model: "latchkey-demo:latest",
      messages: [{ role: "user", content: "Hello" }],
      stream: true,
      options: { temperature: 2 },
      // What an Ollama that knows them would otherwise drop without a word.
      truncate: false,
      shift: false,
    });
  });
});

describe("a chat as one document", () => {
  it("is Ollama's own, for the recipe's client", async () => {
    const response = await ask({ messages: [{ role: "user", content: "Hello" }] });
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toMatchObject({
      message: { role: "assistant", content: expect.stringContaining("demo engine") },
      done: true,
      done_reason: "stop",
      eval_count: expect.any(Number),
    });
  });
});

describe("what is refused before a byte goes up", () => {
  it.each([
    ["no key", { authorization: "" }, 401, "unauthorized"],
    ["a wrong key", { authorization: `Bearer ${"0".repeat(64)}` }, 401, "unauthorized"],
  ])("%s", async (_what, headers, status, code) => {
    const before = engine.requests.length;
    const response = await ask(streamed(), { headers });
    expect(response.status).toBe(status);
    expect(await codeOf(response)).toMatchObject({ error: { code, link: "app" } });
    expect(response.headers.get("x-request-id")).toBeTruthy();
    expect(engine.requests.length).toBe(before);
  });

  it.each([
    ["no JSON", "{", 400, "bad_request"],
    ["too much", "x".repeat(100_001), 413, "body_too_large"],
    ["a missing model", streamed("nobody"), 404, "model_not_found"],
    [
      "thinking by a model that cannot",
      streamed("latchkey-demo", { think: true }),
      400,
      "unsupported_capability",
    ],
    ["chat by an embedding model", streamed("latchkey-demo-embed"), 400, "unsupported_capability"],
  ])("%s", async (_what, body, status, code) => {
    const chats = () => engine.requests.filter(({ path }) => path === "/api/chat").length;
    const before = chats();
    const response = await ask(body);
    expect(response.status).toBe(status);
    expect(await codeOf(response)).toMatchObject({ error: { code } });
    expect(chats()).toBe(before);
  });
});

/** What each fault of the engine becomes, once the stream has begun. */
const FAULTS = [
  ["fail", "ollama_failed", "ollama"],
  ["busy", "ollama_busy", "ollama"],
  ["error-line", "ollama_failed", "ollama"],
  ["end-without-done", "interrupted", "network"],
  ["cut-mid-line", "interrupted", "network"],
  ["cut-mid-character", "interrupted", "network"],
  ["stall", "idle_timeout", "ollama"],
  ["slow-headers", "first_token_timeout", "ollama"],
] as const;

describe("what goes wrong after the first byte", () => {
  it.each(FAULTS)("%s is told in-band as %s", async (kind, code, link) => {
    engine.controls.fault = { kind, afterTokens: 3 };
    const response = await ask(streamed());
    expect(response.status).toBe(200);
    const parts = await partsOf(response);
    const types = parts.map(({ type }) => type);
    expect(types.slice(-3)).toEqual(["data-problem", "message-metadata", "error"]);
    expect(types).not.toContain("finish");
    const problem = parts.find(({ type }) => type === "data-problem");
    expect(problem).toMatchObject({ data: { code, link, fix: expect.any(String) } });
    const id = response.headers.get("x-request-id") ?? "";
    expect(findRequest("key:owner", id).state).toBe("failed");
  });

  it.each(FAULTS)("%s is a status for who asked for one document: %s", async (kind, code) => {
    engine.controls.fault = { kind, afterTokens: 3 };
    const response = await ask({
      model: "latchkey-demo",
      messages: [{ role: "user", content: "Hello" }],
    });
    expect(response.status).toBe(ERROR_TABLE[code].status);
    expect(await codeOf(response)).toMatchObject({ error: { code } });
  });
});

describe("stop", () => {
  it.each([
    ["mid-stream", { tokensPerSecond: 50, tokens: 5_000 }, "first-byte"],
    ["while the prompt is read", { readMs: 60_000 }, "arrived"],
    ["in a stall", { fault: { kind: "stall", afterTokens: 2 } }, "first-byte"],
  ] as const)("%s closes Ollama's connection", async (_when, controls, moment) => {
    Object.assign(engine.controls, controls);
    const caller = new AbortController();
    const arrived = nextChat(moment);
    const response = await ask(streamed(), { signal: caller.signal });
    await arrived;
    const closed = nextChat("closed");
    await response.body?.cancel();
    expect((await closed).aborted).toBe(true);
    const id = response.headers.get("x-request-id") ?? "";
    await vi.waitFor(() => expect(findRequest("key:owner", id).state).toBe("stopped"));
    expect(findRequest("key:owner", id).releasedMs).toBeGreaterThanOrEqual(0);
    expect(findRequest("key:somebody", id).state).toBe("unknown");
  });

  it("works by the request's own signal too", async () => {
    Object.assign(engine.controls, { tokensPerSecond: 50, tokens: 5_000 });
    const caller = new AbortController();
    const arrived = nextChat("first-byte");
    const response = await ask(streamed(), { signal: caller.signal });
    await arrived;
    const closed = nextChat("closed");
    caller.abort();
    expect((await closed).aborted).toBe(true);
    await response.body?.cancel();
  });
});

/** The next chat, not one of the questions that go beside it, to which this happens. */
async function nextChat(moment: "arrived" | "first-byte" | "closed") {
  for (;;) {
    const request = await engine.next(moment);
    if (request.path === "/api/chat") return request;
  }
}

describe("the list of models", () => {
  it("tells what each can do and which is used when none is named", async () => {
    const response = await relayModels(
      new NextRequest("http://127.0.0.1:3000/api/models", { headers: { "x-api-key": accessKey } }),
    );
    const body: unknown = await response.json();
    expect(body).toMatchObject({
      default: expect.stringContaining("latchkey-demo"),
      models: expect.arrayContaining([
        expect.objectContaining({
          name: "latchkey-demo-thinking:latest",
          capabilities: expect.arrayContaining(["thinking"]),
          loaded: expect.any(Boolean),
        }),
      ]),
    });
  });
});
