import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { knock } from "../helpers/knock.ts";
import { type NginxDoor, startNginxDoor } from "../helpers/nginx-door.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const KEY = randomBytes(32).toString("hex");
const GUESS = randomBytes(32).toString("hex");
const withKey = `X-API-Key: ${KEY}`;
const spec = { limits: { badKeysPerMinute: 3, requestsPerMinute: 100_000, bodyMegabytes: 1 } };

/** A method is made of capitals only. */
const asMethod = (key: string): string => key.replaceAll(/\d/g, "q").toUpperCase();

/** Every place where a key, right or guessed, may stand, by intent or by mistake. */
async function abuse({ port }: NginxDoor): Promise<void> {
  for (const key of [KEY, GUESS]) {
    const encoded = Buffer.from(key).toString("hex").replaceAll(/../g, "%$&");
    const places: readonly (readonly [target: string, ...headers: string[]])[] = [
      ["/api/tags", `X-API-Key: ${key}`],
      ["/api/tags", withKey, `X-API-Key: ${key}`],
      ["/api/tags", withKey, `X_API_Key: ${key}`, `X-API-Keys: ${key}`, `Api-Key: ${key}`],
      ["/api/tags", withKey, `Authorization: Bearer ${key}`, `Cookie: a=${key}`],
      ["/api/tags", withKey, `Referer: /?${key}`, `Upgrade: ${key}`],
      ["/api/tags", withKey, `User-Agent: ${key}`, `X-Forwarded-For: ${key}`],
      ["/api/tags", withKey, `Origin: http://${key}`, `${key}: x`, `bad header ${key}`],
      ["/api/tags", withKey, `Cf-Connecting-Ip: ${key.slice(0, 32)}`, `Content-Type: ${key}`],
      [`/api/tags?key=${key}`, withKey],
      [`/health?${key}`],
      [`/${key}`],
      [`/${encoded}`],
      [`/x ${key}`],
      [`/\u0080${key}`],
      [`/%zz${key}`],
      [`/../${key}`],
      [`/api/tags/${key}/x`, withKey],
      [`/v1/models/${key}`, withKey],
      [`http://user:${key}@127.0.0.1/api/tags`],
      [`http://${key}/api/tags?X-API-Key=${key}`, withKey],
      ["/api/tags", withKey, `Host: ${key}`],
      [`/api/tags?${key}`, withKey, `Content-Length: ${key}`],
      [`/api/chat?${key}`, withKey, `Transfer-Encoding: ${key}`],
    ];
    for (const [target, ...headers] of places) await knock(port, { target, headers });
    const post = { method: "POST", target: `/api/chat?${key}` };
    await knock(port, { ...post, headers: [withKey], body: JSON.stringify({ key }) });
    await knock(port, { ...post, headers: [withKey], body: key.repeat(40_000) });
    await knock(port, { ...post, headers: [withKey, "Content-Length: 99999999999"] });
    await knock(port, { method: key.slice(0, 32), target: "/api/tags" });
    await knock(port, { method: key.toUpperCase(), target: "/api/tags" });
    await knock(port, { method: asMethod(key), target: "/api/tags" });
    await knock(port, { method: asMethod(key), target: "/api/tags", headers: [withKey] });
    const socket = connect(port, "127.0.0.1");
    socket.end(`GET /api/tags?${key}`);
    await text(socket);
  }
  await knock(port, { target: "/last-of-all", headers: [withKey] });
}

/** The door's logs after the abuse, once its last line is written. */
async function logsAfterAbuse(door: NginxDoor): Promise<string> {
  await abuse(door);
  return await waitUntil("the last request in the log", async () => {
    const logs = await door.logs();
    return logs.includes("/last-of-all") && logs;
  });
}

function keysIn(logs: string): string[] {
  const pieces = [KEY, GUESS].flatMap((key) => [
    key.slice(0, 32),
    key.slice(-32),
    asMethod(key).slice(0, 32).toLowerCase(),
  ]);
  const lines = logs.toLowerCase().split("\n");
  return lines.filter((line) => pieces.some((piece) => line.includes(piece)));
}

async function linesOf(door: NginxDoor): Promise<unknown[]> {
  const access = await readFile(join(door.directory, "access.log"), "latin1");
  return access
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

describe.skipIf(parts.nginx === undefined)("nginx's logs", () => {
  it("tell who asked for what, and hold no key, header or query", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const door = await startNginxDoor({
      ollamaUrl: echo.url,
      key: KEY,
      clientName: "app-1",
      spec,
    });
    cleanup.defer(() => door.close());
    const logs = await logsAfterAbuse(door);
    expect(keysIn(logs)).toEqual([]);
    expect(logs).not.toMatch(/headers|User-Agent|X-Api-Key|request: "/i);

    const lines = await linesOf(door);
    const about = (path: string, status: number, caller: string, method = "GET"): unknown =>
      expect.objectContaining({ path, status, caller, method });
    expect(lines).toContainEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      caller: "app-1",
      method: "GET",
      path: "/api/tags",
      remote: "127.0.0.1",
      upstream: new URL(echo.url).host,
      status: 200,
      bytes: '{"models":[]}'.length,
      seconds: expect.any(Number),
    });
    expect(lines).toContainEqual(about("/api/tags?...", 200, "app-1"));
    expect(lines).toContainEqual(about("/...", 401, ""));
    expect(lines).toContainEqual(about("/api/tags", 429, ""));
    expect(lines).toContainEqual(about("/api/chat?...", 413, "app-1", "POST"));
  });

  it("hold none either when nothing answers behind the door, and name what did not", async () => {
    await using cleanup = new AsyncDisposableStack();
    const port = await freePort();
    const door = await startNginxDoor({ ollamaUrl: `http://127.0.0.1:${port}`, key: KEY, spec });
    cleanup.defer(() => door.close());
    const logs = await logsAfterAbuse(door);
    expect(keysIn(logs)).toEqual([]);
    expect(logs).not.toMatch(/headers|User-Agent|X-Api-Key|request: "/i);
    expect(await linesOf(door)).toContainEqual(
      expect.objectContaining({
        path: "/api/chat?...",
        method: "POST",
        status: 502,
        upstream: `127.0.0.1:${port}`,
      }),
    );
  });

  it("believe the address that a tunnel tells, where there is one and it is an address", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const options = { ollamaUrl: echo.url, key: KEY };
    const tunnelled = await startNginxDoor({ ...options, spec: { tunnel: "cloudflared" } });
    cleanup.defer(() => tunnelled.close());
    const plain = await startNginxDoor(options);
    cleanup.defer(() => plain.close());
    const told = ["203.0.113.7", "2001:db8::7", KEY.slice(0, 32), "1.2.3.4, 5.6.7.8", ""];
    for (const door of [tunnelled, plain])
      for (const address of told)
        await knock(door.port, { target: "/a", headers: [`Cf-Connecting-Ip: ${address}`] });
    const remotes = async (door: NginxDoor): Promise<unknown[]> =>
      (await linesOf(door)).flatMap((line) => {
        const entry: object = typeof line === "object" && line !== null ? line : {};
        const isOurs = "path" in entry && entry.path === "/a" && "remote" in entry;
        return isOurs ? [entry.remote] : [];
      });
    const loopback = "127.0.0.1";
    expect(await remotes(tunnelled)).toEqual([...told.slice(0, 2), loopback, loopback, loopback]);
    expect(await remotes(plain)).toEqual(told.map(() => loopback));
  });

  it.each([
    ["its silence about failures", "error_log door.log emerg;", "error_log door.log error;"],
    ["the filter of the path", '"path":"$latchkey_log_path"', '"path":"$request_uri"'],
    ["the filter of the method", '"method":"$latchkey_log_method"', '"method":"$request_method"'],
    ["the rule for long words", '"~^([!->@-~]*?)(?:[A-Za-z0-9_%-]{32}|[^ -~])" "$1...";', ""],
    ["the rule for the query", '"~^([^?]*)[?]" "$1?..."', '"~^([^?]*)[?]" $request_uri'],
  ])("would be seen to leak without %s", async (_, line, instead) => {
    await using cleanup = new AsyncDisposableStack();
    const ollamaUrl = `http://127.0.0.1:${await freePort()}`;
    const mutate = (config: string): string => config.replace(line, () => instead);
    const door = await startNginxDoor({ ollamaUrl, key: KEY, mutate });
    cleanup.defer(() => door.close());
    expect(keysIn(await logsAfterAbuse(door))).not.toEqual([]);
  });
});
