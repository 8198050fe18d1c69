import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { type Knock, knock } from "../helpers/knock.ts";
import { type NginxDoor, startNginxDoor } from "../helpers/nginx-door.ts";
import { parts } from "../helpers/parts.ts";

/** With letters in it, so that a match that ignores case is found out. */
const KEY = `ab${randomBytes(31).toString("hex")}`;
const WRONG = randomBytes(32).toString("hex");
const withKey = [`X-API-Key: ${KEY}`];

/** Header lines that must not open the door. */
const STRANGERS: Readonly<Record<string, readonly string[]>> = {
  "no key": [],
  "an empty key": ["X-API-Key:"],
  "a wrong key": [`X-API-Key: ${WRONG}`],
  "a wildcard": ["X-API-Key: *"],
  "a pattern": ["X-API-Key: ~.*"],
  "a prefix and a wildcard": [`X-API-Key: ${KEY.slice(0, 40)}*`],
  "a prefix": [`X-API-Key: ${KEY.slice(0, -1)}`],
  "the key and more": [`X-API-Key: ${KEY}a`],
  "more and the key": [`X-API-Key: a${KEY}`],
  "the key in upper case": [`X-API-Key: ${KEY.toUpperCase()}`],
  "the key with one capital": [`X-API-Key: A${KEY.slice(1)}`],
  "a wrong key, then the right one": [`X-API-Key: ${WRONG}`, `X-API-Key: ${KEY}`],
  "an empty key, then the right one": ["X-API-Key:", `X-API-Key: ${KEY}`],
  "two keys in one line": [`X-API-Key: ${KEY}, ${WRONG}`],
  "the right key twice in one line": [`X-API-Key: ${KEY}, ${KEY}`],
  "the key in quotes": [`X-API-Key: "${KEY}"`],
  "the caller's name": ["X-API-Key: app"],
  "a variable": ["X-API-Key: $latchkey_caller"],
  "the key under another name": [
    `X_API_Key: ${KEY}`,
    `X-API-Keys: ${KEY}`,
    `Authorization: Bearer ${KEY}`,
  ],
  "the key in a cookie": [`Cookie: X-API-Key=${KEY}`],
};

/** A right key is the first of them: nginx sees no other before 1.23. */
const DOUBLED: readonly (readonly string[])[] = [
  [`X-API-Key: ${KEY}`, `X-API-Key: ${WRONG}`],
  [`X-API-Key: ${KEY}`, `X-API-Key: ${KEY}`],
  [`X-API-Key: ${KEY}`, "X-API-Key:"],
];

/** Requests that are 401 without the key: anything but the open health check. */
const BEFORE_ANY_404: readonly Knock[] = [
  { target: "/api/tags" },
  { target: "/" },
  { target: "/nothing" },
  { target: "/api/delete", method: "DELETE" },
  { target: "/api/chat", method: "POST", body: "{}" },
  { target: "/api/chat", method: "POST", headers: ["Content-Length: 99999999999"] },
  { target: "/api/chat", method: "OPTIONS", headers: ["Origin: https://a.example"] },
  { target: "/api/tags", method: "NONSENSE" },
  { target: "/api/tags", headers: ["Connection: Upgrade", "Upgrade: websocket"] },
  { target: "/health", method: "POST" },
  { target: "/health", method: "HEAD" },
  { target: "/health/" },
  { target: "//health" },
  { target: "//pass" },
  { target: "/%2fpass" },
  { target: "//empty" },
  { target: "http://127.0.0.1//health" },
  { target: "/HEALTH" },
  { target: "/%68ealth" },
  { target: "/health/../api/tags" },
  { target: `/api/tags?key=${KEY}` },
  { target: `http://127.0.0.1/api/tags?X-API-Key=${KEY}` },
];

/** Which of them did not get a 401. */
async function openings({ port }: NginxDoor): Promise<string[]> {
  const found: string[] = [];
  const note = async (name: string, one: Knock): Promise<void> => {
    const { status } = await knock(port, one);
    if (status !== 401) found.push(`${name}: ${status}`);
  };
  for (const [name, headers] of Object.entries(STRANGERS))
    await note(name, { target: "/api/tags", headers });
  for (const one of BEFORE_ANY_404) await note(`${one.method ?? "GET"} ${one.target}`, one);
  return found;
}

const isJoining = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 1 || minor >= 23;
};

describe.skipIf(parts.nginx === undefined)("nginx as the door", () => {
  let echo: Echo;
  let door: NginxDoor;
  const spec = { limits: { badKeysPerMinute: 0 } };

  beforeAll(async () => {
    echo = await startEcho();
    door = await startNginxDoor({ ollamaUrl: echo.url, key: KEY, spec });
  });
  afterAll(async () => {
    await door.close();
    await echo.close();
  });

  it("answers GET /health to everyone, and tells nothing but nginx's name", async () => {
    const { status, head, body } = await knock(door.port, { target: "/health" });
    expect({ status, body }).toEqual({ status: 200, body: "OK" });
    expect(head).toMatch(/^server: nginx$/im);
    expect((await knock(door.port, { target: "/health?x=1" })).status).toBe(200);
  });

  it("answers 401 to everyone else, before any 404, and touches nothing behind it", async () => {
    echo.requests.length = 0;
    expect(await openings(door)).toEqual([]);
    expect(echo.requests).toEqual([]);
    const { head, body } = await knock(door.port, { target: "/api/tags" });
    expect(body).toBe("");
    expect(head).not.toMatch(/content-type|www-authenticate/i);
  });

  it("passes nothing on where nginx answers before the lock is asked, nor shows its own pages", async () => {
    echo.requests.length = 0;
    const answers = [
      await knock(door.port, { method: "OPTIONS", target: "*" }),
      await knock(door.port, { method: "TRACE", target: "/api/tags" }),
      await knock(door.port, { method: "G(T", target: "/api/tags" }),
      await knock(door.port, { method: "get", target: "/api/tags" }),
      await knock(door.port, { target: "/api/%zz" }),
      await knock(door.port, { target: "/v1/models/a%00", headers: withKey }),
      await knock(door.port, { target: "/../x", headers: withKey }),
      await knock(door.port, { target: "/api/tags", headers: ["Transfer-Encoding: x"] }),
      await knock(door.port, { target: "/", headers: [`X: ${"x".repeat(20_000)}`] }),
      await knock(door.port, { target: `/${"x".repeat(20_000)}` }),
    ];
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toEqual([400, 405, 400, 400, 400, 400, 400, 501, 400, 414]);
    expect(answers.map(({ body }) => body).join("")).toBe("");
    expect(echo.requests).toEqual([]);
  });

  it("takes a doubled key for none since nginx 1.23, before that the first of them", async () => {
    for (const headers of DOUBLED)
      expect((await knock(door.port, { target: "/api/tags", headers })).status).toBe(
        isJoining(door.nginx.version) ? 401 : 200,
      );
  });

  it("finds the key whatever the case of its header's name", async () => {
    const headers = [`x-aPI-kEY: ${KEY}`];
    expect((await knock(door.port, { target: "/api/tags", headers })).status).toBe(200);
  });

  it("knows only the callers of its description, whatever the file of keys says", async () => {
    const moreKeys = [{ name: "default", key: WRONG }];
    const other = await startNginxDoor({ ollamaUrl: echo.url, key: KEY, spec, moreKeys });
    try {
      const status = async (key: string): Promise<number> =>
        (await knock(other.port, { target: "/api/tags", headers: [`X-API-Key: ${key}`] })).status;
      expect([await status(KEY), await status(WRONG)]).toEqual([200, 401]);
    } finally {
      await other.close();
    }
  });

  it.each([
    ["the lock", "default stranger;", "default pass;"],
    ["the exact match", "include keys.nginx;", `${KEY} app;`],
    [
      "the comparison with the caller",
      '$latchkey_known {\n\t\tdefault "";',
      "$latchkey_known {\n\t\tdefault yes;",
    ],
    ["the order of key and path", '"~^(?:yes|no)::yes:" forbidden', '"~^no::" forbidden'],
    ["merged slashes", "merge_slashes on;", "merge_slashes off;"],
  ])("would be seen open without %s", async (_, line, instead) => {
    const mutate = (config: string): string => {
      const opened = config.replace(line, instead);
      return instead.startsWith("merge") ? opened.replaceAll("internal;", "") : opened;
    };
    const mutant = await startNginxDoor({ ollamaUrl: echo.url, key: KEY, spec, mutate });
    try {
      expect(await openings(mutant)).not.toEqual([]);
    } finally {
      await mutant.close();
    }
  });
});
