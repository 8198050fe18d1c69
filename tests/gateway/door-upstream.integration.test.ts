import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDemoEngine } from "../../gateway/demo/server.ts";
import { caddyKnows } from "../../gateway/render/caddy-version.ts";
import { type Door, startDoor } from "../helpers/door.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { knock } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");
const withKey = `X-API-Key: ${KEY}`;

/** What a caller may send and Ollama must not see; each value says where it came from. */
const KEPT_HERE = [
  "X_API_Key: kept-1",
  "X-Api_Key: kept-2",
  `X-API-Keys: ${KEY}`,
  "Api-Key: kept-3",
  "X-Auth-Token: kept-4",
  "X-Access-Token: kept-5",
  "X-Client-Secret: kept-6",
  "Authorization: Bearer kept-7",
  "Proxy-Authorization: Basic kept-8",
  "Cookie: session=kept-9",
  "Cookie2: kept-10",
  "Origin: https://kept-11.example",
  "Referer: https://kept-12.example/?q",
  "Forwarded: for=kept-13",
  "X-Forwarded-User: kept-14",
  "X-Forwarded-Email: kept-15",
  "X-Forwarded-Groups: kept-16",
  "X-Forwarded-Preferred-Username: kept-17",
  "X-Forwarded-Access-Token: kept-18",
  "X-Remote-User: kept-19",
  "Remote-User: kept-20",
  "X-Forwarded-For: 203.0.113.21",
  "X_Forwarded_For: 203.0.113.22",
  "X-Real-IP: 203.0.113.23",
  "True-Client-IP: 203.0.113.24",
  "CF-Connecting-IP: 203.0.113.25",
  "Via: 1.1 kept-27",
  "X-Password: kept-28",
  "X-Bearer: kept-29",
  "X-Credential: kept-30",
  "X-Session-Id: kept-31",
];

/** What of the above, and of a key in the query, is seen behind the door. */
async function leaks(door: Door, echo: Echo): Promise<string[]> {
  echo.requests.length = 0;
  await knock(door.port, {
    target: `/api/tags?key=${KEY}&kept-26`,
    host: "kept-32.example",
    headers: [withKey, ...KEPT_HERE],
  });
  const [seen] = echo.requests;
  if (seen === undefined) return ["nothing was passed on"];
  const lines = [seen.target, ...seen.headers.map(([name, value]) => `${name}: ${value}`)];
  return lines.filter((line) => line.includes(KEY) || /kept-|203\.0\.113\./.test(line));
}

describe.skipIf(parts.caddy === undefined)("what the door passes on", () => {
  let echo: Echo;
  let door: Door;

  beforeAll(async () => {
    echo = await startEcho((outgoing) => {
      outgoing.setHeader("access-control-allow-origin", "*");
      outgoing.setHeader("access-control-allow-headers", "x");
      outgoing.setHeader("x-of-ollama", "kept");
      outgoing.end("{}");
    });
    door = await startDoor({ ollamaUrl: echo.url, key: KEY });
  });
  afterAll(async () => {
    await door.close();
    await echo.close();
  });

  it("rewrites Host, tells the caller's true address, and adds nothing else", async () => {
    echo.requests.length = 0;
    const headers = [
      withKey,
      ...KEPT_HERE,
      "Content-Type: application/json",
      "Anthropic-Version: 2023-06-01",
    ];
    await knock(door.port, {
      method: "POST",
      target: "/v1/messages",
      headers,
      body: '{"a":"한글"}',
    });
    const [seen] = echo.requests;
    expect(seen?.body).toBe('{"a":"한글"}');
    expect(Object.fromEntries(seen?.headers ?? [])).toEqual({
      host: new URL(echo.url).host,
      "content-type": "application/json",
      "content-length": "14",
      "anthropic-version": "2023-06-01",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-real-ip": "127.0.0.1",
    });
  });

  it("keeps keys, cookies, origin and forged addresses, however they are spelled", async () => {
    expect(await leaks(door, echo)).toEqual([]);
  });

  it("takes Ollama's cross-origin headers off, and shows the key in no answer", async () => {
    const { head, body } = await knock(door.port, { target: "/api/tags", headers: [withKey] });
    expect(head).not.toMatch(/access-control|caddy/i);
    expect(head).toMatch(/x-of-ollama: kept/i);
    expect(`${head}${body}`).not.toContain(KEY);
  });

  it("would be seen to leak without any one of its lines", { timeout: 120_000 }, async () => {
    const caddyfile = await readFile(join(door.directory, "Caddyfile"), "utf8");
    const lines = caddyfile.match(/\t+(?:header_up (?:-|X-Real-IP).*|rewrite .*)\n/g) ?? [];
    expect(lines.length).toBeGreaterThan(15);
    const unseen: string[] = [];
    for (const line of lines) {
      const mutant = await startDoor({
        ollamaUrl: echo.url,
        key: KEY,
        mutate: (file) => file.replace(line, ""),
      });
      if ((await leaks(mutant, echo)).length === 0) unseen.push(line.trim());
      await mutant.close();
    }
    // newer Caddys drop headers with an underscore by themselves
    const itself = caddyKnows(door.caddy.version, "idleTimeouts") ? ["header_up -*_*"] : [];
    expect(unseen).toEqual(itself);
  });
});

describe.skipIf(parts.caddy === undefined)("what the door refuses by itself", () => {
  it("answers an empty 502 when nothing answers behind it", async () => {
    const port = await freePort();
    await using cleanup = new AsyncDisposableStack();
    const door = await startDoor({ ollamaUrl: `http://127.0.0.1:${port}`, key: KEY });
    cleanup.defer(() => door.close());
    const { status, body } = await knock(door.port, { target: "/api/tags", headers: [withKey] });
    expect({ status, body }).toEqual({ status: 502, body: "" });
  });

  it("refuses a body of more than 32 MB unread, and passes one of 4.4 MB", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const door = await startDoor({ ollamaUrl: echo.url, key: KEY });
    cleanup.defer(() => door.close());
    const post = { method: "POST", target: "/api/chat" };
    for (const announced of [32_000_000, 40_000_000, 123_456_789, 99_999_999_999]) {
      const headers = [withKey, `Content-Length: ${announced}`];
      expect((await knock(door.port, { ...post, headers })).status).toBe(413);
    }
    expect(echo.requests).toEqual([]);
    const body = "x".repeat(4_400_000);
    expect((await knock(door.port, { ...post, headers: [withKey], body })).status).toBe(200);
    expect(echo.requests[0]?.body.length).toBe(body.length);
  });

  it("lets no connection become something else, which no list of paths would apply to", async () => {
    await using cleanup = new AsyncDisposableStack();
    let upgrades = 0;
    const upstream = createServer().on("upgrade", (_, socket) => {
      upgrades += 1;
      socket.end(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
      );
    });
    upstream.listen(0, "127.0.0.1");
    await once(upstream, "listening");
    cleanup.defer(() => void upstream.close());
    const address = upstream.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const options = { ollamaUrl: `http://127.0.0.1:${port}`, key: KEY };
    const headers = [withKey, "Connection: Upgrade", "Upgrade: echo"];
    const ask = async (door: Door): Promise<number> => {
      cleanup.defer(() => door.close());
      return (await knock(door.port, { target: "/api/tags", headers })).status;
    };
    expect(await ask(await startDoor(options))).toBe(404);
    expect(upgrades).toBe(0);
    const open = await startDoor({
      ...options,
      mutate: (file) => file.replace(/\t+respond @upgrade 404\n/, ""),
    });
    expect(await ask(open)).toBe(101);
  });

  it("passes Ollama's own check of Host, which it would not without its rewrite", async () => {
    await using cleanup = new AsyncDisposableStack();
    const engine = await startDemoEngine();
    cleanup.defer(() => engine.close());
    const headers = [withKey];
    const ask = async (door: Door): Promise<number> => {
      cleanup.defer(() => door.close());
      const response = await knock(door.port, { target: "/api/tags", headers: [...headers] });
      return response.status;
    };
    const options = { ollamaUrl: engine.url, key: KEY };
    expect(await ask(await startDoor(options))).toBe(200);
    const host = /\t+header_up Host .*\n/;
    const broken = await startDoor({
      ...options,
      mutate: (file) => file.replace(host, "\t\t\theader_up Host door.example\n"),
    });
    expect(await ask(broken)).toBe(403);
  });
});
