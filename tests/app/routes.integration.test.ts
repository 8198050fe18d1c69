/** The app's frame, as `next start` serves it: pages, sessions, refusals. No upstream is there to be reached. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApp, type App } from "../helpers/app.ts";
import { makeCredentials } from "../helpers/credentials.ts";

const { accessKey, doorKey, appEnv } = makeCredentials();
const UPSTREAM = { OLLAMA_BASE_URL: "http://127.0.0.1:9", OLLAMA_API_KEY: doorKey };

function get(app: App, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(app.url + path, { headers, redirect: "manual" });
}

function signIn(app: App, key: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${app.url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ key }),
  });
}

describe("an app that is set up", () => {
  let app: App;

  beforeAll(async () => {
    app = await startApp({ env: { ...UPSTREAM, ...appEnv } });
  });
  afterAll(() => app.close());

  it("sends strangers from pages to sign-in, and shows that one", async () => {
    for (const [path, target] of [
      ["/", "/sign-in"],
      ["/c/some-chat", "/sign-in?to=/c/some-chat"],
      ["/c/some.chat", "/sign-in"],
      ["/nowhere", "/sign-in"],
    ] as const) {
      const response = await get(app, path);
      expect([path, response.status]).toEqual([path, 307]);
      expect(response.headers.get("location")).toBe(target);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("x-request-id")).toBeTruthy();
    }
    const page = await get(app, "/sign-in");
    expect(page.status).toBe(200);
    expect(page.headers.get("x-request-id")).toBeTruthy();
  });

  it("signs in with a cookie that opens pages and routes, and out again", async () => {
    const response = await signIn(app, accessKey);
    expect(response.status).toBe(204);
    const [setCookie = ""] = response.headers.getSetCookie();
    expect(setCookie).toMatch(/^latchkey=[^;]+; Path=\/;.*HttpOnly; SameSite=lax$/i);
    expect(setCookie).not.toMatch(/Secure/i);
    const cookie = setCookie.split(";")[0] ?? "";
    expect((await get(app, "/", { cookie })).status).toBe(200);
    expect((await get(app, "/api/requests/unknown-one", { cookie })).status).toBe(200);
    const out = await fetch(`${app.url}/api/session`, { method: "DELETE", headers: { cookie } });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie().join()).toMatch(/^latchkey=;.*Max-Age=0/i);
  });

  it("marks the cookie Secure when the request came by HTTPS", async () => {
    const response = await signIn(app, accessKey, { "x-forwarded-proto": "https" });
    expect(response.headers.getSetCookie().join()).toMatch(/; Secure/i);
  });

  it("gives no cookie for a wrong key, an empty one, or a page elsewhere", async () => {
    for (const key of ["", "wrong", doorKey]) {
      const response = await signIn(app, key);
      expect(response.status).toBe(401);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    const foreign = await signIn(app, accessKey, { origin: "https://elsewhere.example" });
    expect(foreign.status).toBe(403);
    expect(foreign.headers.getSetCookie()).toEqual([]);
  });

  it("refuses a chat with the cookie from a page elsewhere", async () => {
    const [setCookie = ""] = (await signIn(app, accessKey)).headers.getSetCookie();
    const cookie = setCookie.split(";")[0] ?? "";
    const ask = (headers: Record<string, string>) =>
      fetch(`${app.url}/api/chat`, {
        method: "POST",
        headers: { cookie, ...headers },
        body: JSON.stringify({ messages: [{ role: "user", content: "Hello" }] }),
      });
    const foreign = await ask({ origin: "https://elsewhere.example" });
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toMatchObject({ error: { code: "forbidden_origin" } });
    // From its own page it passes the lock, and finds the door closed.
    const own = await ask({ origin: app.url });
    expect(await own.json()).toMatchObject({ error: { code: "door_refused_connection" } });
  });

  it("tells health to anybody, and the links only to callers", async () => {
    const health = await get(app, "/api/health");
    expect(await health.json()).toEqual({ ok: true });
    expect((await get(app, "/api/health?deep=1")).status).toBe(401);
    const deep = await get(app, "/api/health?deep=1", { "x-api-key": accessKey });
    expect(await deep.json()).toMatchObject({
      ok: false,
      links: [
        { link: "app", ok: true },
        { link: "network", ok: false, code: "door_refused_connection", fix: expect.any(String) },
      ],
    });
  });

  it.each([
    ["DELETE", "/api/chat", 405, "method_not_allowed"],
    ["POST", "/api/models", 405, "method_not_allowed"],
    ["GET", "/api/session", 405, "method_not_allowed"],
    ["GET", "/api/nothing", 404, "not_found"],
  ])("answers %s %s as JSON with a request id", async (method, path, status, code) => {
    const response = await fetch(app.url + path, {
      method,
      headers: { "x-api-key": accessKey },
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(response.headers.get("x-request-id")).toBeTruthy();
  });

  it("lets no page frame its own, and resizes no images for strangers", async () => {
    const page = await get(app, "/sign-in");
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await get(app, "/_next/image?url=%2Ficon-180.png&w=64&q=75")).status).not.toBe(200);
    expect((await get(app, "/icon.svg")).status).toBe(200);
    expect((await get(app, "/iconx")).status).toBe(307);
  });

  it("takes a caller's request id within bounds and replaces any other", async () => {
    const named = await get(app, "/api/health", { "x-request-id": "my-request-0001" });
    expect(named.headers.get("x-request-id")).toBe("my-request-0001");
    const bad = await get(app, "/api/health", { "x-request-id": "<script>" });
    expect(bad.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("refuses a body over the cap", async () => {
    const response = await fetch(`${app.url}/api/chat`, {
      method: "POST",
      headers: { "x-api-key": accessKey },
      body: "x".repeat(4_400_001),
    });
    expect(response.status).toBe(413);
  });
});

describe("an app that is not set up", () => {
  let app: App;
  const secret = "not-a-good-value-at-all";

  beforeAll(async () => {
    app = await startApp({ env: { ...appEnv, OLLAMA_API_KEY: secret } });
  });
  afterAll(() => app.close());

  it("answers pages 503 and names the variables, never a value", async () => {
    for (const path of ["/", "/sign-in"]) {
      const response = await get(app, path);
      expect(response.status).toBe(503);
      expect(response.headers.get("content-type")).toContain("text/html");
      expect(response.headers.get("x-request-id")).toBeTruthy();
      const page = await response.text();
      expect(page).toContain("OLLAMA_BASE_URL");
      expect(page).toContain("OLLAMA_API_KEY");
      expect(page).not.toContain(secret);
    }
  });

  it("answers routes 503 as JSON", async () => {
    const asked = [
      ...["/api/models", "/api/health", "/api/nothing", "/api/chat"].map((path) => get(app, path)),
      fetch(`${app.url}/api/session`, { method: "DELETE" }),
    ];
    for (const response of await Promise.all(asked)) {
      expect(response.status).toBe(503);
      const text = await response.text();
      expect(text).toContain("not_configured");
      expect(text).toContain("OLLAMA_BASE_URL");
      expect(text).not.toContain(secret);
    }
  });
});
