/** Limits as callers meet them: built apps, a real Redis behind the store's protocol, the demo engine. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDemoEngine, type DemoEngine } from "../../gateway/demo/server.ts";
import { startApp, type App } from "../helpers/app.ts";
import { startChain } from "../helpers/chain.ts";
import { makeCredentials } from "../helpers/credentials.ts";
import { parts } from "../helpers/parts.ts";
import { startUpstash, type Upstash } from "../helpers/upstash.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const { accessKey, doorKey, appEnv } = makeCredentials();
const headers = { authorization: `Bearer ${accessKey}` };
const messages = [{ role: "user", content: "Hello" }];
const model = "latchkey-demo";

const stack = new AsyncDisposableStack();
let engine: DemoEngine;

beforeAll(async () => {
  const controls = { tokensPerSecond: Infinity, loadMs: 0, readMs: 0, tokens: 20 };
  engine = stack.adopt(await startDemoEngine({ controls }), (each) => each.close());
});
afterAll(() => stack.disposeAsync());

async function open(env: Readonly<Record<string, string>>): Promise<App> {
  const upstream = { OLLAMA_BASE_URL: engine.url, OLLAMA_API_KEY: doorKey };
  const app = stack.adopt(await startApp({ env: { ...upstream, ...appEnv, ...env } }), (each) =>
    each.close(),
  );
  // Next registers what notes addresses with its first request.
  await fetch(`${app.url}/api/health`);
  return app;
}

function post(app: App, path: string, body: object, more = {}): Promise<Response> {
  return fetch(app.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers, ...more },
    body: JSON.stringify(body),
  });
}

/** Reads on until some words have come. @returns all that has */
function reading(response: Response): (words: string) => Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return async (words) => {
    while (!text.includes(words)) {
      const piece = await reader?.read();
      if (piece?.value === undefined) throw new Error(`It ended without ${words}: ${text}`);
      text += piece.value;
    }
    return text;
  };
}

describe("one process without a store", () => {
  it("refuses what is too much in the caller's own dialect, GET routes too", async () => {
    const app = await open({ REQUESTS_PER_MINUTE: "2" });
    const first = await fetch(`${app.url}/api/models`, { headers });
    expect(first.headers.get("ratelimit-limit")).toBe("2");
    expect(first.headers.get("ratelimit-remaining")).toBe("1");
    await fetch(`${app.url}/v1/models`, { headers });
    const refused = [
      await fetch(`${app.url}/api/models`, { headers }),
      await post(app, "/api/chat", { messages }),
      await post(app, "/ollama/api/chat", { model, messages }),
      await post(app, "/v1/chat/completions", { model, messages }),
      await post(app, "/v1/messages", { model, messages, max_tokens: 9 }),
    ];
    const bodies: unknown[] = [];
    for (const response of refused) {
      expect(response.status).toBe(429);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(response.headers.get("ratelimit-remaining")).toBe("0");
      bodies.push(await response.json());
    }
    expect(bodies).toMatchObject([
      { error: { code: "rate_limited", link: "app" } },
      { error: { code: "rate_limited" } },
      { error: expect.stringContaining("requests"), code: "rate_limited" },
      { error: { type: "rate_limit_error", code: "rate_limited" } },
      { type: "error", error: { type: "rate_limit_error" } },
    ]);
    expect(app.log()).toContain("limits are counted in this process only");
    expect((await fetch(`${app.url}/api/health`)).status).toBe(200);
  });

  it("believes no forwarded address that the caller itself wrote", async () => {
    const app = await open({ PUBLIC_ACCESS: "true", REQUESTS_PER_MINUTE_GUEST: "3" });
    const statuses: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const forged = {
        "x-forwarded-for": `198.51.100.${index}`,
        "x-real-ip": `198.51.100.${index}`,
      };
      statuses.push((await fetch(`${app.url}/api/models`, { headers: forged })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  it("counts strangers by what a named proxy says of them", async () => {
    const env = {
      PUBLIC_ACCESS: "true",
      REQUESTS_PER_MINUTE_GUEST: "1",
      TRUSTED_PROXY: "127.0.0.1",
    };
    const app = await open(env);
    const status = async (address: string): Promise<number> => {
      const forwarded = { "x-forwarded-for": `6.6.6.6, ${address}` };
      return (await fetch(`${app.url}/api/models`, { headers: forwarded })).status;
    };
    expect(await status("198.51.100.1")).toBe(200);
    expect(await status("198.51.100.2")).toBe(200);
    expect(await status("198.51.100.1")).toBe(429);
  });

  it("charges the tokens Ollama counted, then refuses until tomorrow", async () => {
    const app = await open({ TOKENS_PER_DAY: "20" });
    const reply = await post(app, "/v1/chat/completions", { model, messages });
    expect(await reply.json()).toMatchObject({ usage: { completion_tokens: 20 } });
    const refused = await waitUntil("the tokens to be charged", async () => {
      const response = await post(app, "/api/chat", { messages });
      return response.status === 429 ? response : undefined;
    });
    expect(await refused.json()).toMatchObject({ error: { code: "token_budget_spent" } });
    // Lists cost nothing.
    expect((await fetch(`${app.url}/api/models`, { headers })).status).toBe(200);
  });

  it("charges an estimate, marked as one, for a stream that was stopped", async () => {
    const app = await open({ TOKENS_PER_DAY: "100" });
    Object.assign(engine.controls, { tokensPerSecond: 50, tokens: 5_000 });
    try {
      const caller = new AbortController();
      const question = [{ role: "user", content: "word ".repeat(100) }];
      const response = await fetch(`${app.url}/v1/chat/completions`, {
        method: "POST",
        headers,
        body: JSON.stringify({ model, messages: question, stream: true }),
        signal: caller.signal,
      });
      await reading(response)("content");
      caller.abort();
      await waitUntil("Ollama's connection to close", () =>
        engine.requests.some(({ path, aborted }) => path === "/v1/chat/completions" && aborted),
      );
      await waitUntil("the line of the stop", () => /"estimated":true.*"stopped"/.test(app.log()));
      const refused = await post(app, "/api/chat", { messages });
      expect(await refused.json()).toMatchObject({ error: { code: "token_budget_spent" } });
    } finally {
      Object.assign(engine.controls, { tokensPerSecond: Infinity, tokens: 20 });
    }
  });

  it("tells one who waits for the model that it waits, and its place", async () => {
    const app = await open({ MAX_ACTIVE: "1", MAX_WAITING: "1" });
    Object.assign(engine.controls, { tokensPerSecond: 100, tokens: 5_000 });
    try {
      const first = new AbortController();
      const arrived = engine.next("first-byte");
      await fetch(`${app.url}/api/chat`, {
        method: "POST",
        headers,
        body: JSON.stringify({ stream: true, model, messages }),
        signal: first.signal,
      });
      await arrived;
      const second = new AbortController();
      const waiting = await fetch(`${app.url}/api/chat`, {
        method: "POST",
        headers,
        body: JSON.stringify({ stream: true, model, messages }),
        signal: second.signal,
      });
      const readUntil = reading(waiting);
      expect(await readUntil('"phase":"queued"')).toMatch(
        /"phase":"queued","at":\d+,"position":1,"of":1/,
      );
      // Nobody else gets in line who has a place there.
      const full = await post(app, "/v1/chat/completions", { model, messages, stream: true });
      expect(full.status).toBe(503);
      expect(await full.json()).toMatchObject({ error: { code: "queue_full" } });
      first.abort();
      await readUntil('"type":"text-delta"');
      second.abort();
    } finally {
      Object.assign(engine.controls, { tokensPerSecond: Infinity, tokens: 20 });
    }
  });
});

describe.skipIf(parts.redis === undefined)("two processes that share a store", () => {
  let store: Upstash;
  let apps: readonly App[];

  beforeAll(async () => {
    store = stack.adopt(await startUpstash(), (each) => each.close());
    const env = { KV_REST_API_URL: store.url, KV_REST_API_TOKEN: store.token };
    apps = [
      await open({ ...env, REQUESTS_PER_MINUTE: "6" }),
      await open({ ...env, REQUESTS_PER_MINUTE: "6" }),
    ];
  });

  it("count together", async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 10; index += 1) {
      const app = apps[index % 2];
      if (app === undefined) throw new Error("no app");
      statuses.push((await fetch(`${app.url}/v1/models`, { headers })).status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(6);
    expect(statuses.slice(6)).toEqual([429, 429, 429, 429]);
  });

  it("go on alone within 1.2 s when it hangs, say so once, and tell it in deep health", async () => {
    const env = { KV_REST_API_URL: store.url, KV_REST_API_TOKEN: store.token };
    const app = await open({ ...env, REQUESTS_PER_MINUTE: "3" });
    // The route and the list of models are there already when it is asked.
    await fetch(`${app.url}/v1/models`);
    await store.setFault("hang");
    const statuses: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const began = performance.now();
      statuses.push((await fetch(`${app.url}/v1/models`, { headers })).status);
      expect(performance.now() - began).toBeLessThan(1_500);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(app.log().match(/"level":50/g)).toHaveLength(1);
    expect(app.log()).not.toContain(store.token);
    await store.setFault("none");
  });
});

describe.skipIf(parts.redis === undefined || parts.caddy === undefined)("deep health", () => {
  it("tells a store that does not answer, and one that does", async () => {
    const store = stack.adopt(await startUpstash(), (each) => each.close());
    const env = { KV_REST_API_URL: store.url, KV_REST_API_TOKEN: store.token };
    const chain = stack.adopt(await startChain({ engine: "demo", app: { env } }), (each) =>
      each.close(),
    );
    const health = async (): Promise<unknown> => {
      const response = await fetch(`${chain.app.url}/api/health?deep=1`, {
        headers: chain.headers,
      });
      return response.json();
    };
    const app = { link: "app", ok: true };
    const chainLinks = ["network", "door", "ollama", "models"].map((link) => ({ link, ok: true }));
    expect(await health()).toMatchObject({
      ok: true,
      links: [app, { link: "store", ok: true }, ...chainLinks],
    });
    await store.setFault("500");
    const fix = expect.stringContaining("KV_REST_API_URL");
    expect(await health()).toMatchObject({
      ok: false,
      links: [app, { link: "store", ok: false, fix }, ...chainLinks],
    });
  });
});
