import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDemoEngine } from "../../gateway/demo/server.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { knock } from "../helpers/knock.ts";
import { type NginxDoor, startNginxDoor } from "../helpers/nginx-door.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");
const withKey = `X-API-Key: ${KEY}`;

/** What a caller may send and Ollama must not see; each value says where it came from. */
const KEPT_HERE = [
  "X_API_Key: kept-1",
  `X-API-Keys: ${KEY}`,
  "X-Auth-Token: kept-4",
  "Authorization: Bearer kept-7",
  "Proxy-Authorization: Basic kept-8",
  "Cookie: session=kept-9",
  "Origin: https://kept-11.example",
  "Referer: https://kept-12.example/?q",
  "Forwarded: for=kept-13",
  "X-Forwarded-User: kept-14",
  "X-Forwarded-For: 203.0.113.21",
  "X-Forwarded-Host: kept-22",
  "X-Forwarded-Proto: kept-23",
  "X-Real-IP: 203.0.113.23",
  "CF-Connecting-IP: 203.0.113.25",
  "Via: 1.1 kept-27",
  "X-Anything-Else: kept-28",
  "User-Agent: kept-29",
  "Connection: kept-30",
  "Range: bytes=0-1",
];

/** What of the above, and of a key in the query, is seen behind the door. */
async function leaks(door: NginxDoor, echo: Echo): Promise<string[]> {
  echo.requests.length = 0;
  const target = `/api/tags?key=${KEY}&kept-26`;
  await knock(door.port, { target, headers: [withKey, ...KEPT_HERE] });
  const [seen] = echo.requests;
  if (seen === undefined) return ["nothing was passed on"];
  const lines = [seen.target, ...seen.headers.map(([name, value]) => `${name}: ${value}`)];
  return lines.filter((line) => line.includes(KEY) || /kept-|203\.0\.113\.|range/.test(line));
}

describe.skipIf(parts.nginx === undefined)("what nginx passes on", () => {
  let echo: Echo;
  let door: NginxDoor;

  beforeAll(async () => {
    echo = await startEcho((outgoing) => {
      outgoing.setHeader("access-control-allow-origin", "*");
      outgoing.setHeader("access-control-allow-headers", "x");
      outgoing.setHeader("x-accel-redirect", "//empty");
      outgoing.setHeader("x-of-ollama", "kept");
      outgoing.end("{}");
    });
    door = await startNginxDoor({ ollamaUrl: echo.url, key: KEY });
  });
  afterAll(async () => {
    await door.close();
    await echo.close();
  });

  it("rewrites Host, tells the caller's true address, and adds nothing else", async () => {
    echo.requests.length = 0;
    await knock(door.port, {
      method: "POST",
      target: "/v1/messages",
      headers: [
        withKey,
        ...KEPT_HERE,
        "Content-Type: application/json",
        "Accept: text/event-stream",
        "Anthropic-Version: 2023-06-01",
      ],
      body: '{"a":"한글"}',
    });
    const [seen] = echo.requests;
    expect(seen?.body).toBe('{"a":"한글"}');
    expect(Object.fromEntries(seen?.headers ?? [])).toEqual({
      host: new URL(echo.url).host,
      connection: "close",
      "content-type": "application/json",
      accept: "text/event-stream",
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
    expect(head).not.toMatch(/access-control|accel/i);
    expect(head).toMatch(/x-of-ollama: kept/i);
    expect(body).toBe("{}");
    expect(head).not.toContain(KEY);
  });

  it.each([
    ["the end of the headers", "proxy_pass_request_headers off;", "proxy_pass_request_headers on;"],
    ["the end of the query", '"~^([^?]+)" $1;', '"~^(.+)" $1;'],
    ["its own X-Real-IP", "X-Real-IP $remote_addr", "X-Real-IP $http_x_real_ip"],
    [
      "its own X-Forwarded-For",
      "X-Forwarded-For $remote_addr",
      "X-Forwarded-For $proxy_add_x_forwarded_for",
    ],
  ])("would be seen to leak without %s", async (_, line, instead) => {
    const mutate = (config: string): string => config.replace(line, instead);
    const mutant = await startNginxDoor({ ollamaUrl: echo.url, key: KEY, mutate });
    try {
      expect(await leaks(mutant, echo)).not.toEqual([]);
    } finally {
      await mutant.close();
    }
  });
});

describe.skipIf(parts.nginx === undefined)("an Ollama behind nginx", () => {
  it("passes its own check of Host, which it would not without nginx's rewrite", async () => {
    await using cleanup = new AsyncDisposableStack();
    const engine = await startDemoEngine();
    cleanup.defer(() => engine.close());
    const ask = async (mutate?: (config: string) => string): Promise<number> => {
      const options = { ollamaUrl: engine.url, key: KEY };
      const door = await startNginxDoor(mutate === undefined ? options : { ...options, mutate });
      cleanup.defer(() => door.close());
      return (await knock(door.port, { target: "/api/tags", headers: [withKey] })).status;
    };
    expect(await ask()).toBe(200);
    const host = /proxy_set_header Host .*;/;
    expect(await ask((config) => config.replace(host, "proxy_set_header Host door.example;"))).toBe(
      403,
    );
  });

  it("is one of several: the one that is down is passed by, and each takes its name", async () => {
    await using cleanup = new AsyncDisposableStack();
    const engines = [await startDemoEngine(), await startDemoEngine()];
    const urls = engines.map(({ url }) => url);
    const gone = `http://127.0.0.1:${await freePort()}`;
    const door = await startNginxDoor({ ollamaUrl: [gone, ...urls], key: KEY });
    cleanup.defer(() => door.close());
    for (const engine of engines) cleanup.defer(() => engine.close());
    const body = JSON.stringify({ model: "demo:latest", stream: false, messages: [] });
    for (let count = 0; count < 12; count += 1)
      expect(
        (await knock(door.port, { method: "POST", target: "/api/chat", headers: [withKey], body }))
          .status,
      ).not.toBe(502);
    expect(engines.map(({ requests }) => requests.length > 2)).toEqual([true, true]);
  });

  it("gets a POST no second time that it has seen, nor does another", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echoes = [
      await startEcho((outgoing) => void outgoing.destroy()),
      await startEcho((outgoing) => void outgoing.destroy()),
    ];
    for (const echo of echoes) cleanup.defer(() => echo.close());
    const options = { ollamaUrl: echoes.map(({ url }) => url), key: KEY };
    const count = async (mutate?: (config: string) => string): Promise<number> => {
      for (const echo of echoes) echo.requests.length = 0;
      const door = await startNginxDoor(mutate === undefined ? options : { ...options, mutate });
      cleanup.defer(() => door.close());
      const post = { method: "POST", target: "/api/chat", headers: [withKey], body: "{}" };
      const { status, body } = await knock(door.port, post);
      expect({ status, body }).toEqual({ status: 502, body: "" });
      return echoes.flatMap(({ requests }) => requests).length;
    };
    expect(await count()).toBe(1);
    const line = "proxy_next_upstream error timeout";
    expect(await count((config) => config.replace(line, `${line} non_idempotent`))).toBe(2);
  });
});
