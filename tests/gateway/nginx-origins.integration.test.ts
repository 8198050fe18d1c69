import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { type Knock, knock, type Reply } from "../helpers/knock.ts";
import { type NginxDoor, startNginxDoor } from "../helpers/nginx-door.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");
const withKey = `X-API-Key: ${KEY}`;
const LISTED = "https://chat.example.com";
const LOCAL = "http://[::1]:3000";
const spec = {
  cors: { origins: [LISTED, LOCAL] },
  limits: { badKeysPerMinute: 0, bodyMegabytes: 1 },
};

const FOREIGN = [
  "https://chat.example.com.evil.example",
  "https://evil.example",
  "https://chatxexample.com",
  "https://chat.example.com:8443",
  "http://chat.example.com",
  "https://CHAT.example.com",
  "https://a.chat.example.com",
  "https://chat.example.com, https://evil.example",
  "null",
  "*",
  "",
];

/** The values of a header, in order. */
function valuesOf({ head }: Reply, name: string): string[] {
  return head.split("\n").flatMap((line) => {
    const [key = "", ...value] = line.split(": ");
    return key.toLowerCase() === name ? [value.join(": ")] : [];
  });
}

function preflight(origin: string, more: Partial<Knock> = {}, wanted = "POST"): Knock {
  return {
    method: "OPTIONS",
    target: "/api/chat",
    headers: [
      `Origin: ${origin}`,
      `Access-Control-Request-Method: ${wanted}`,
      "Access-Control-Request-Headers: content-type,x-api-key",
    ],
    ...more,
  };
}

describe.skipIf(parts.nginx === undefined)("pages elsewhere, at nginx", () => {
  let echo: Echo;
  let door: NginxDoor;

  beforeAll(async () => {
    echo = await startEcho((outgoing) => {
      outgoing.setHeader("access-control-allow-origin", "*");
      outgoing.setHeader("vary", "Origin");
      outgoing.end("{}");
    });
    door = await startNginxDoor({ ollamaUrl: echo.url, key: KEY, spec });
  });
  afterAll(async () => {
    await door.close();
    await echo.close();
  });

  it.each([LISTED, LOCAL])("may ask first, without a key, if they are %s", async (origin) => {
    echo.requests.length = 0;
    const reply = await knock(door.port, preflight(origin));
    expect({ status: reply.status, body: reply.body }).toEqual({ status: 204, body: "" });
    const names = ["origin", "methods", "headers"].map((name) => `access-control-allow-${name}`);
    expect(names.map((name) => valuesOf(reply, name))).toEqual([
      [origin],
      ["POST"],
      ["Content-Type, X-API-Key"],
    ]);
    expect(valuesOf(reply, "vary")).toEqual(["Origin"]);
    expect(echo.requests).toEqual([]);
  });

  it("may not ask first for what nobody may do", async () => {
    const others: readonly Knock[] = [
      preflight(LISTED, { target: "/api/delete" }),
      preflight(LISTED, { target: "/api/chat/../pull" }),
      preflight(LISTED, {}, "DELETE"),
      preflight(LISTED, {}, "post"),
      preflight(LISTED, { target: "/x" }, "POST /api/chat?"),
      preflight(LISTED, { headers: [`Origin: ${LISTED}`] }),
      preflight(LISTED, { method: "GET", target: "/api/chat" }),
    ];
    const statuses: number[] = [];
    for (const one of others) statuses.push((await knock(door.port, one)).status);
    expect(statuses).toEqual(others.map(() => 401));
  });

  it.each([
    ["an answer", { target: "/api/tags", headers: [withKey] }, 200],
    ["a 401", { target: "/api/tags" }, 401],
    ["a 404", { target: "/x", headers: [withKey] }, 404],
    [
      "a 413",
      { method: "POST", target: "/api/chat", headers: [withKey, "Content-Length: 2000000"] },
      413,
    ],
    ["the health check", { target: "/health" }, 200],
  ] as const)("see %s, by exactly one header", async (_, one: Knock, status) => {
    const headers = [...(one.headers ?? []), `Origin: ${LISTED}`];
    const reply = await knock(door.port, { ...one, headers });
    expect(reply.status).toBe(status);
    expect(valuesOf(reply, "access-control-allow-origin")).toEqual([LISTED]);
    expect(valuesOf(reply, "vary")).toEqual(["Origin"]);
  });

  it("see nothing if they are not on the list", async () => {
    for (const origin of FOREIGN) {
      const headers = [`Origin: ${origin}`];
      const replies = [
        await knock(door.port, preflight(origin)),
        await knock(door.port, { target: "/api/tags", headers }),
        await knock(door.port, { target: "/api/tags", headers: [...headers, withKey] }),
      ];
      expect(replies.map(({ status }) => status)).toEqual([401, 401, 200]);
      expect(replies.map(({ head }) => head).join("\n")).not.toMatch(/access-control/i);
    }
  });

  it("see nothing where there is no list", async () => {
    const plain = await startNginxDoor({ ollamaUrl: echo.url, key: KEY });
    try {
      const reply = await knock(plain.port, preflight(LISTED));
      expect(reply.status).toBe(401);
      expect(reply.head).not.toMatch(/access-control/i);
    } finally {
      await plain.close();
    }
  });

  it.each([
    [
      "the end of an origin",
      '"~^https://chat[.]example[.]com$"',
      '"~^https://chat[.]example[.]com"',
    ],
    ["the exact dot", '"~^https://chat[.]example[.]com$"', '"~^https://chat.example.com$"'],
    ["regard to case", '"~^https://chat[.]example[.]com$"', "https://chat.example.com"],
  ])("would be seen to be more without %s", async (_, line, instead) => {
    const mutate = (config: string): string => config.replaceAll(line, () => instead);
    const mutant = await startNginxDoor({ ollamaUrl: echo.url, key: KEY, spec, mutate });
    try {
      const seen: string[] = [];
      for (const origin of FOREIGN) seen.push((await knock(mutant.port, preflight(origin))).head);
      expect(seen.join("\n")).toMatch(/access-control-allow-origin/i);
    } finally {
      await mutant.close();
    }
  });
});
