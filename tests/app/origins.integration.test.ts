/** What pages elsewhere may do: exact CORS before the lock, and nothing with what a browser sends by itself. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDemoEngine, type DemoEngine } from "../../gateway/demo/server.ts";
import { startApp, type App } from "../helpers/app.ts";
import { makeCredentials } from "../helpers/credentials.ts";

const FRIEND = "https://friend.example";
const { accessKey, doorKey, appEnv } = makeCredentials();
const bearer = { authorization: `Bearer ${accessKey}` };
const messages = [{ role: "user", content: "Hello" }];

let engine: DemoEngine;
let app: App;

beforeAll(async () => {
  engine = await startDemoEngine({ controls: { tokensPerSecond: Infinity, loadMs: 0, tokens: 5 } });
  app = await startApp({
    env: {
      OLLAMA_BASE_URL: engine.url,
      OLLAMA_API_KEY: doorKey,
      ALLOWED_ORIGINS: `${FRIEND},http://localhost:5173`,
      REQUESTS_PER_MINUTE: "0",
      ...appEnv,
    },
  });
});
afterAll(async () => {
  await app.close();
  await engine.close();
});

const ROUTES = [
  ["/api/chat", "POST", { messages }],
  ["/v1/chat/completions", "POST", { model: "latchkey-demo", messages }],
  ["/ollama/api/chat", "POST", { model: "latchkey-demo", messages }],
  ["/v1/messages", "POST", { model: "latchkey-demo", messages, max_tokens: 5 }],
  ["/v1/models", "GET, HEAD", undefined],
  ["/ollama/api/tags", "GET, HEAD", undefined],
  ["/api/models", "GET", undefined],
] as const;

function preflight(path: string, origin: string): Promise<Response> {
  return fetch(app.url + path, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,x-stainless-lang",
    },
  });
}

function ask(path: string, headers: Record<string, string>, body?: object): Promise<Response> {
  return fetch(app.url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe.each(ROUTES)("%s", (path, methods, body) => {
  it("answers the preflight of an allowed origin before the lock, with that origin alone", async () => {
    const response = await preflight(path, FRIEND);
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe(FRIEND);
    expect(response.headers.get("access-control-allow-methods")).toBe(methods);
    expect(response.headers.get("access-control-allow-headers")).toContain("x-stainless-lang");
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    expect(response.headers.get("vary")).toContain("Origin");
  });

  it.each(["https://elsewhere.example", "https://friend.example.evil.example", "null", "*"])(
    "tells the origin %s nothing",
    async (origin) => {
      const refused = await preflight(path, origin);
      expect(refused.status).toBe(403);
      expect(refused.headers.get("access-control-allow-origin")).toBeNull();
      const answered = await ask(path, { origin, ...bearer }, body);
      expect(answered.headers.get("access-control-allow-origin")).toBeNull();
      await answered.body?.cancel();
    },
  );

  it("lets an allowed origin read answers and refusals alike, with one header", async () => {
    const answered = await ask(path, { origin: FRIEND, ...bearer }, body);
    expect(answered.status).toBe(200);
    expect(answered.headers.get("access-control-allow-origin")).toBe(FRIEND);
    expect(answered.headers.get("access-control-expose-headers")).toContain("X-Request-Id");
    await answered.text();
    const refused = await ask(path, { origin: FRIEND }, body);
    expect(refused.status).toBe(401);
    expect(refused.headers.get("access-control-allow-origin")).toBe(FRIEND);
  });
});

it("a cookie changes nothing for an allowed origin either", async () => {
  const signedIn = await ask("/api/session", {}, { key: accessKey });
  const cookie = signedIn.headers.getSetCookie().join().split(";")[0] ?? "";
  const refused = await ask("/api/chat", { cookie, origin: FRIEND }, { messages });
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ error: { code: "forbidden_origin" } });
});
