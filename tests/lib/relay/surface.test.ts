/** Ollama's, OpenAI's and Anthropic's surfaces, before the demo engine. */
import { createHash, randomBytes } from "node:crypto";
import { NextRequest } from "next/server";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import { later } from "../../helpers/later.ts";

const keys = { owner: randomBytes(32).toString("hex"), guest: randomBytes(32).toString("hex") };
const hash = (key: string) => createHash("sha256").update(key).digest("hex");
const engine = await startDemoEngine();
vi.stubEnv("OLLAMA_BASE_URL", engine.url);
vi.stubEnv("OLLAMA_API_KEY", randomBytes(32).toString("hex"));
vi.stubEnv("SESSION_SECRET", randomBytes(32).toString("hex"));
vi.stubEnv("ACCESS_KEYS", `owner:owner:${hash(keys.owner)},visitor:guest:${hash(keys.guest)}`);
vi.stubEnv("ALLOWED_MODELS_GUEST", "latchkey-demo-tools");
vi.stubEnv("REQUESTS_PER_MINUTE", "0");
vi.stubEnv("REQUESTS_PER_MINUTE_GUEST", "0");
vi.stubEnv("FIRST_TOKEN_SECONDS", "2");
vi.stubEnv("IDLE_SECONDS", "1");
vi.stubEnv("MAX_BODY_BYTES", "100000");
const { relaySurface } = await import("../../../lib/relay/surface.ts");

afterAll(() => engine.close());

beforeEach(() => {
  const calm = { tokensPerSecond: Infinity, loadMs: 0, readMs: 0, delayBeforeFirstTokenMs: 0 };
  Object.assign(engine.controls, calm, { fault: { kind: "none" }, tokens: 30, models: {} });
});

interface Asked {
  readonly method?: string;
  readonly key?: string;
  readonly body?: unknown;
}

function ask(path: string, { method, key = keys.owner, body }: Asked = {}): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = new NextRequest(`http://app.example${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { authorization: `Bearer ${key}` },
    ...(text === undefined ? {} : { body: text }),
  });
  return relaySurface(request, path, later);
}

/** The same question to the engine itself. */
function askEngine(path: string, body: unknown): Promise<Response> {
  return fetch(engine.url + path, { method: "POST", body: JSON.stringify(body) });
}

const messages = [{ role: "user", content: "Hello" }];
const model = "latchkey-demo:latest";

/** Each surface with a body that streams, and what is different each time in an answer. */
const STREAMS = [
  ["/api/chat", { model, messages }],
  ["/api/generate", { model, prompt: "Hello" }],
  ["/v1/chat/completions", { model, messages, stream: true }],
  [
    "/v1/chat/completions",
    { model, messages, stream: true, stream_options: { include_usage: true } },
  ],
  ["/v1/completions", { model, prompt: "Hello", stream: true }],
  ["/v1/responses", { model, input: "Hello", stream: true }],
  ["/v1/messages", { model, messages, stream: true, max_tokens: 50 }],
] as const;

/** Ids, times and durations differ from one answer to the next. */
function timeless(text: string): string {
  return text
    .replaceAll(
      /"(created_at|completed_at|created|total_duration|load_duration|prompt_eval_duration|eval_duration)":("[^"]*"|\d+)/g,
      '"$1":0',
    )
    .replaceAll(/(chatcmpl|cmpl|resp|msg|rs|call)[-_][A-Za-z0-9]+/g, "$1");
}

describe.each(STREAMS)("%s, streamed", (path, body) => {
  it("arrives byte for byte", async () => {
    const [relayed, direct] = [await ask(path, { body }), await askEngine(path, body)];
    expect(relayed.status).toBe(200);
    expect(relayed.headers.get("content-type")).toBe(direct.headers.get("content-type"));
    expect(relayed.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(timeless(await relayed.text())).toBe(timeless(await direct.text()));
  });
});

describe.each([
  ["/api/chat", { model, messages, stream: false }],
  ["/api/generate", { model, prompt: "Hello", stream: false }],
  ["/api/embed", { model: "latchkey-demo-embed", input: ["a", "b"] }],
  ["/api/embeddings", { model: "latchkey-demo-embed", prompt: "a" }],
  ["/v1/chat/completions", { model, messages }],
  ["/v1/completions", { model, prompt: "Hello" }],
  ["/v1/embeddings", { model: "latchkey-demo-embed", input: "a" }],
  ["/v1/responses", { model, input: "Hello" }],
  ["/v1/messages", { model, messages, max_tokens: 50 }],
])("%s, as one document", (path, body) => {
  it("arrives byte for byte", async () => {
    const [relayed, direct] = [await ask(path, { body }), await askEngine(path, body)];
    expect(relayed.status).toBe(200);
    expect(timeless(await relayed.text())).toBe(timeless(await direct.text()));
  });
});

/** Bodies that reached the engine at this path since the last call. */
function bodiesAt(path: string): unknown[] {
  return engine.requests.filter((each) => each.path === path).map(({ body }) => body);
}

async function sentFor(body: unknown, path = "/api/chat"): Promise<unknown> {
  const response = await ask(path, { body });
  expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
  return bodiesAt(path).at(-1);
}

describe("what reaches Ollama of a body", () => {
  it("has the allowed options within their bounds, and no lever", async () => {
    const sent = await sentFor({
      model,
      messages,
      stream: false,
      options: { temperature: 9, num_gpu: 0, num_thread: 1, num_predict: -1, top_k: 3 },
      keep_alive: -1,
      _debug_render_only: true,
      newer: "than we are",
    });
    expect(sent).toEqual({
      model,
      messages,
      stream: false,
      options: { temperature: 2, num_predict: 131_072, top_k: 3 },
      keep_alive: 3_600,
      newer: "than we are",
    });
  });

  it("has no field by another spelling, which Go would take for the one that was checked", async () => {
    const names = ["Model", "MODEL", "Keep_Alive", "\u212Aeep_alive", "option\u017F", "Options"];
    const odd = Object.fromEntries(names.map((name) => [name, { num_gpu: 0 }]));
    const sent = await sentFor({ model, messages, stream: false, ...odd });
    expect(sent).toEqual({ model, messages, stream: false });
  });

  it("has each field once: the one that was checked", async () => {
    const twice = `{"model":"nope","model":"${model}","options":{"num_gpu":0},"options":{"seed":1},
      "stream":false,"messages":[{"role":"user","content":"Hello"}]}`;
    const sent = await sentFor(twice);
    expect(sent).toEqual({ model, messages, stream: false, options: { seed: 1 } });
  });

  it("has no template, which is a program that Ollama would run", async () => {
    const sent = await sentFor(
      { model, prompt: "Hi", stream: false, template: "{{ . }}" },
      "/api/generate",
    );
    expect(sent).toEqual({ model, prompt: "Hi", stream: false });
  });

  it.each([
    ["/v1/responses", { model, input: "Hi", tools: [{ type: "web_search" }] }],
    ["/v1/messages", { model, messages, max_tokens: 9, tools: [{ type: "web_search_20250305" }] }],
  ])("has no tool that ollama.com would run on the owner's account: %s", async (path, body) => {
    const before = bodiesAt(path).length;
    const response = await ask(path, { body });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("tools.0.type");
    expect(bodiesAt(path).length).toBe(before);
  });

  it.each([
    ["think", "very much"],
    ["format", "the prompt exceeds all context"],
  ])("has no wrong %s, which Ollama would quote in its error", async (name, value) => {
    const response = await ask("/api/chat", { body: { model, messages, [name]: value } });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(`${name}: `);
  });

  it("has a bounded length, in OpenAI's and Anthropic's words too", async () => {
    const sent = await sentFor({ model, messages, max_tokens: 1e12 }, "/v1/messages");
    expect(sent).toMatchObject({ max_tokens: 131_072 });
  });

  it("does not let a guest say how long a model stays in memory", async () => {
    const options = { num_ctx: 8_192, seed: 1 };
    const body = {
      model: "latchkey-demo-tools",
      messages,
      stream: false,
      keep_alive: 3_000,
      options,
    };
    const response = await ask("/api/chat", { key: keys.guest, body });
    expect(response.status).toBe(200);
    const sent = bodiesAt("/api/chat").at(-1);
    expect(sent).not.toHaveProperty("keep_alive");
    // Nor how much of it: another context has the model loaded anew. Its reply ends with the guest's budget.
    expect(sent).toHaveProperty("options", { seed: 1, num_predict: 20_000 });
  });

  it("names the default model where the body names none", async () => {
    const sent = await sentFor({ messages, stream: false });
    expect(sent).toMatchObject({ model: expect.stringMatching(/^latchkey-demo/) });
  });
});

describe("what a caller may see", () => {
  const namesIn = async (path: string, key: string): Promise<string[]> => {
    const text = await (await ask(path, { key })).text();
    return [...new Set(text.match(/latchkey-demo[\w-]*/g))].toSorted();
  };

  it.each(["/api/tags", "/v1/models"])("of %s is what they may use", async (path) => {
    expect((await namesIn(path, keys.owner)).length).toBeGreaterThan(2);
    expect(await namesIn(path, keys.guest)).toEqual(["latchkey-demo-tools"]);
  });

  it("of what is loaded is what they may use", async () => {
    await sentFor({ model, messages, stream: false });
    expect(await namesIn("/api/ps", keys.owner)).toContain("latchkey-demo");
    expect(await namesIn("/api/ps", keys.guest)).not.toContain("latchkey-demo");
  });

  it.each([
    ["/api/chat", { model, messages }, (body: string) => JSON.parse(body).error],
    ["/api/show", { model }, (body: string) => JSON.parse(body).error],
    ["/v1/chat/completions", { model, messages }, (body: string) => JSON.parse(body).error.code],
    ["/v1/messages", { model, messages }, (body: string) => JSON.parse(body).error.type],
  ])("does not include another's model at %s, in its own words", async (path, body, wordsOf) => {
    const response = await ask(path, { key: keys.guest, body });
    expect(response.status).toBe(404);
    expect(wordsOf(await response.text())).toMatch(/model_not_found|not_found_error|not among/);
  });

  it("has no path, prompt or template of the home machine in it", async () => {
    const direct: unknown = await (await askEngine("/api/show", { model })).json();
    expect(direct).toHaveProperty("modelfile");
    const shown: unknown = await (await ask("/api/show", { body: { model } })).json();
    expect(Object.keys(Object(shown)).toSorted()).toEqual([
      "capabilities",
      "details",
      "model_info",
      "modified_at",
    ]);
  });
});

describe("what is not there", () => {
  it.each([
    ["POST", "/api/pull", 404],
    ["DELETE", "/api/delete", 404],
    ["POST", "/api/signout", 404],
    ["GET", "/api/blobs/x", 404],
    ["POST", "/API/CHAT", 404],
    ["GET", "/v1/files", 404],
    ["GET", "/v1/models/..%2f..%2fapi%2ftags", 404],
    ["GET", "/api/chat", 405],
    ["POST", "/api/tags", 405],
    ["DELETE", "/v1/models", 405],
  ])("%s %s is refused with %i, and Ollama hears nothing", async (method, path, status) => {
    const before = engine.requests.filter((each) => each.path !== "/api/tags").length;
    const body = method === "POST" ? { body: { model } } : {};
    const response = await ask(path, { method, ...body });
    expect(response.status).toBe(status);
    expect(engine.requests.filter((each) => each.path !== "/api/tags").length).toBe(before);
    expect(response.headers.has("allow")).toBe(status === 405);
  });
});
