import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Door, startDoor } from "../helpers/door.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { type Knock, knock } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";

/** With letters of both cases, so that a match that ignores case is found out. */
const KEY = `Aa${randomBytes(31).toString("hex")}`;
const WRONG = randomBytes(32).toString("hex");

/** Header lines that must not open the door. */
const STRANGERS: Readonly<Record<string, readonly string[]>> = {
  "no key": [],
  "an empty key": ["X-API-Key:"],
  "a wrong key": [`X-API-Key: ${WRONG}`],
  "a wildcard": ["X-API-Key: *"],
  "a prefix and a wildcard": [`X-API-Key: ${KEY.slice(0, 40)}*`],
  "a prefix": [`X-API-Key: ${KEY.slice(0, -1)}`],
  "the key and more": [`X-API-Key: ${KEY}a`],
  "the key in lower case": [`X-API-Key: ${KEY.toLowerCase()}`],
  "the key in upper case": [`X-API-Key: ${KEY.toUpperCase()}`],
  "the right key, then a wrong one": [`X-API-Key: ${KEY}`, `X-API-Key: ${WRONG}`],
  "a wrong key, then the right one": [`X-API-Key: ${WRONG}`, `X-API-Key: ${KEY}`],
  "the right key twice": [`X-API-Key: ${KEY}`, `X-API-Key: ${KEY}`],
  "the right key and an empty one": [`X-API-Key: ${KEY}`, "X-API-Key:"],
  "two keys in one line": [`X-API-Key: ${KEY}, ${WRONG}`],
  "the key in quotes": [`X-API-Key: "${KEY}"`],
  "the caller's name": ["X-API-Key: app"],
  "a placeholder": ["X-API-Key: {http.auth.user.id}"],
  "the key under another name": [
    `X_API_Key: ${KEY}`,
    `X-API-Keys: ${KEY}`,
    `Authorization: Bearer ${KEY}`,
  ],
  "the key in a cookie": [`Cookie: X-API-Key=${KEY}`],
};

/** Requests that are 401 without the key: anything but the open health check. */
const BEFORE_ANY_404: readonly Knock[] = [
  { target: "/api/tags" },
  { target: "/" },
  { target: "/nothing" },
  { target: "/api/delete", method: "DELETE" },
  { target: "/api/chat", method: "POST", body: "{}" },
  { target: "/api/chat", method: "OPTIONS", headers: ["Origin: https://a.example"] },
  { target: "/api/tags", method: "get" },
  { target: "/api/tags", method: "NONSENSE" },
  { target: "/health", method: "POST" },
  { target: "/health", method: "HEAD" },
  { target: "/health/" },
  { target: "//health" },
  { target: "/HEALTH" },
  { target: "/%68ealth" },
  { target: "/health/../api/tags" },
  { target: `/api/tags?key=${KEY}` },
  { target: `http://127.0.0.1/api/tags?X-API-Key=${KEY}` },
];

/** Which of them did not get a 401. */
async function openings(door: Door): Promise<string[]> {
  const found: string[] = [];
  const note = async (name: string, one: Knock): Promise<void> => {
    const { status } = await knock(door.port, one);
    if (status !== 401) found.push(`${name}: ${status}`);
  };
  for (const [name, headers] of Object.entries(STRANGERS))
    await note(name, { target: "/api/tags", headers });
  for (const one of BEFORE_ANY_404) await note(`${one.method ?? "GET"} ${one.target}`, one);
  return found;
}

describe.skipIf(parts.caddy === undefined)("the door's lock", () => {
  let echo: Echo;
  let door: Door;

  beforeAll(async () => {
    echo = await startEcho();
    door = await startDoor({ ollamaUrl: echo.url, key: KEY });
  });
  afterAll(async () => {
    await door.close();
    await echo.close();
  });

  it("answers GET /health to everyone, and tells nothing", async () => {
    const { status, head, body } = await knock(door.port, { target: "/health" });
    expect({ status, body }).toEqual({ status: 200, body: "OK" });
    expect(head).not.toMatch(/caddy|server/i);
    expect((await knock(door.port, { target: "/health?x=1" })).status).toBe(200);
  });

  it("answers 401 to everyone else, before any 404, and touches nothing behind it", async () => {
    echo.requests.length = 0;
    expect(await openings(door)).toEqual([]);
    expect(echo.requests).toEqual([]);
    expect((await knock(door.port, { target: "/api/tags" })).body).toBe("");
  });

  it("passes nothing on where Caddy answers before the lock is asked", async () => {
    echo.requests.length = 0;
    const statuses = [
      await knock(door.port, { method: "OPTIONS", target: "*" }),
      await knock(door.port, { method: "X".repeat(33), target: "/api/tags" }),
      await knock(door.port, { method: "G(T", target: "/api/tags" }),
      await knock(door.port, { target: "/api/%zz" }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 405, 400, 400]);
    expect(echo.requests).toEqual([]);
  });

  it("finds the key whatever the case of its header's name", async () => {
    expect(
      (await knock(door.port, { target: "/api/tags", headers: [`x-aPI-kEY: ${KEY}`] })).status,
    ).toBe(200);
  });

  it.each([
    ["the lock", "\t\trespond @stranger 401\n", ""],
    ["the exact match", "vars {http.auth.user.id} app", `header X-API-Key ${KEY.slice(0, 40)}*`],
    ["the comparison with the caller", "{http.auth.user.id} app", `{http.auth.user.id} app ""`],
  ])("would be seen open without %s", async (_, line, instead) => {
    const mutant = await startDoor({
      ollamaUrl: echo.url,
      key: KEY,
      mutate: (file) => file.replace(line, instead),
    });
    try {
      expect(await openings(mutant)).not.toEqual([]);
    } finally {
      await mutant.close();
    }
  });
});
