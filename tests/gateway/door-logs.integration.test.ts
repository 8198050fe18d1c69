import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Door, startDoor } from "../helpers/door.ts";
import { startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { knock } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const KEY = randomBytes(32).toString("hex");
const GUESS = randomBytes(32).toString("hex");
const withKey = `X-API-Key: ${KEY}`;

/** Every place where a key, right or guessed, may stand, by intent or by mistake. */
async function abuse({ port }: Door): Promise<void> {
  for (const key of [KEY, GUESS]) {
    const places: readonly (readonly [target: string, ...headers: string[]])[] = [
      ["/api/tags", `X-API-Key: ${key}`],
      ["/api/tags", withKey, `X-API-Key: ${key}`],
      ["/api/tags", withKey, `X_API_Key: ${key}`, `X-API-Keys: ${key}`, `Api-Key: ${key}`],
      [
        "/api/tags",
        withKey,
        `Authorization: Bearer ${key}`,
        `Cookie: a=${key}`,
        `Referer: /?${key}`,
      ],
      [
        "/api/tags",
        withKey,
        `User-Agent: ${key}`,
        `X-Forwarded-For: ${key}`,
        `Origin: http://${key}`,
      ],
      [`/api/tags?key=${key}`, withKey],
      [`/health?${key}`],
      [`/${key}`],
      [`/api/tags/${key}/x`, withKey],
      [`/v1/models/${key}`, withKey],
      [`http://user:${key}@127.0.0.1/api/tags`],
      [`http://${key}/api/tags?X-API-Key=${key}`, withKey],
    ];
    for (const [target, ...headers] of places) await knock(port, { target, headers });
    const body = JSON.stringify({ key });
    await knock(port, { method: "POST", target: "/api/chat", headers: [withKey], body });
    await knock(port, { method: key.slice(0, 32), target: "/api/tags" });
  }
  await knock(port, { target: "/last-of-all" });
}

/** The door's logs after the abuse, once its last line is written. */
async function logsAfterAbuse(door: Door): Promise<string> {
  await abuse(door);
  return await waitUntil("the last request in the log", async () => {
    const logs = await door.logs();
    return logs.includes("/last-of-all") && logs;
  });
}

function keysIn(logs: string): string[] {
  return logs
    .split("\n")
    .filter((line) => [KEY, GUESS].some((key) => line.includes(key.slice(0, 32))));
}

describe.skipIf(parts.caddy === undefined)("the door's logs", () => {
  it("tell who asked for what, and hold no key, header or query", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const door = await startDoor({ ollamaUrl: echo.url, key: KEY, clientName: "app-1" });
    cleanup.defer(() => door.close());
    const logs = await logsAfterAbuse(door);
    expect(keysIn(logs)).toEqual([]);
    expect(logs).not.toMatch(/headers|User-Agent|X-Api-Key/i);

    const access = await readFile(join(door.directory, "access.log"), "utf8");
    const lines = access
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    const about = (uri: string, status: number, user_id: string): unknown =>
      expect.objectContaining({
        status,
        user_id,
        request: expect.objectContaining({ method: "GET", uri }),
      });
    expect(lines).toContainEqual(about("/api/tags", 200, "app-1"));
    expect(lines).toContainEqual(about("/api/tags?...", 200, "app-1"));
    expect(lines).toContainEqual(about("/api/tags", 401, ""));
    expect(lines).toContainEqual(about("/...", 401, ""));
  });

  it("hold none either when nothing answers behind the door, and name what failed", async () => {
    await using cleanup = new AsyncDisposableStack();
    const port = await freePort();
    const door = await startDoor({ ollamaUrl: `http://127.0.0.1:${port}`, key: KEY });
    cleanup.defer(() => door.close());
    const logs = await logsAfterAbuse(door);
    expect(keysIn(logs)).toEqual([]);
    expect(logs).not.toMatch(/headers|User-Agent|X-Api-Key/i);
    expect(await readFile(join(door.directory, "door.log"), "utf8")).toContain(
      "connection refused",
    );
  });

  it("lie where only their owner reads, with the keys beside them", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const door = await startDoor({ ollamaUrl: echo.url, key: KEY });
    cleanup.defer(() => door.close());
    const mode = async (name: string): Promise<number> =>
      (await stat(join(door.directory, name))).mode & 0o077;
    const names = [".", "keys.caddy", "Caddyfile", "latchkey.json", "access.log", "door.log"];
    expect(await Promise.all(names.map(mode))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await readFile(join(door.directory, "latchkey.json"), "utf8")).not.toContain(KEY);
    expect(await readFile(join(door.directory, "Caddyfile"), "utf8")).not.toContain(KEY);
  });

  it.each([
    ["access.log", "request>headers"],
    ["access.log", "request>method"],
    ["access.log", "request>uri"],
    ["access.log", "request>host"],
    ["door.log", "request"],
  ])("would be seen to leak into %s without the filter of %s", async (file, field) => {
    await using cleanup = new AsyncDisposableStack();
    const port = await freePort();
    const line = new RegExp(`\\t+${field} .*\\n`);
    const mutate = (caddyfile: string): string => {
      const start = caddyfile.indexOf(`output file ${file}`);
      return caddyfile.slice(0, start) + caddyfile.slice(start).replace(line, "");
    };
    const door = await startDoor({ ollamaUrl: `http://127.0.0.1:${port}`, key: KEY, mutate });
    cleanup.defer(() => door.close());
    expect(keysIn(await logsAfterAbuse(door))).not.toEqual([]);
  });
});
