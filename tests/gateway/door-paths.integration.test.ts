import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOOR_PATHS } from "../../lib/contract.ts";
import { type Door, startDoor } from "../helpers/door.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { knock } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");
const withKey = [`X-API-Key: ${KEY}`];

/** Spellings of paths that are not on the list, or that another reader could take for one that is. */
const FORBIDDEN: readonly (readonly [method: string, target: string])[] = [
  ...["pull", "push", "create", "copy", "blobs/sha256:0", "signout", "me"].map(
    (name) => ["POST", `/api/${name}`] as const,
  ),
  ["DELETE", "/api/delete"],
  ["HEAD", "/api/tags"],
  ["POST", "/api/tags"],
  ["GET", "/api/chat"],
  ["post", "/api/chat"],
  ["OPTIONS", "/api/chat"],
  ["GET", "/"],
  ["GET", "/api/TAGS"],
  ["GET", "/Api/tags"],
  ["GET", "/api/tags/"],
  ["GET", "/api/tagsx"],
  ["GET", "/api/tags%20"],
  ["GET", "/api/tags."],
  ["GET", "/api/tags;x"],
  ["GET", "//api/tags"],
  ["GET", "/api//tags"],
  ["GET", "/api/./tags"],
  ["GET", "/api/x/../tags"],
  ["GET", "/api/%74ags"],
  ["GET", "/api%2ftags"],
  ["GET", "/v1/models/"],
  ["GET", "/v1/models//a"],
  ["GET", "/v1/models/.."],
  ["GET", "/v1/models/../../api/tags"],
  ["GET", "/v1/models/a/../../../api/blobs"],
  ["GET", "/v1/models/%2e%2e/%2e%2e/api/delete"],
  ["GET", "/v1/models/..%2f..%2fapi"],
  ["GET", "/v1/models/a%2f..%2f.."],
  ["GET", "/v1/models/a%00"],
  ["GET", "/v1/models/a%3fb"],
  ["GET", String.raw`/v1/models/..\..\api`],
  ["POST", "/api/chat/../pull"],
  ["POST", "/api/chat%0a"],
  ["POST", "/api/chat%3f/../pull"],
];

/** Which of them did not get a 404, or got through. */
async function detours(door: Door, echo: Echo): Promise<string[]> {
  const found: string[] = [];
  for (const [method, target] of FORBIDDEN) {
    echo.requests.length = 0;
    const { status } = await knock(door.port, { method, target, headers: withKey });
    const passed = echo.requests
      .map((request) => ` passed as ${request.method} ${request.target}`)
      .join("");
    if (status !== 404 || passed !== "") found.push(`${method} ${target}: ${status}${passed}`);
  }
  return found;
}

describe.skipIf(parts.caddy === undefined)("the door's list of paths", () => {
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

  it("lets the key through to each path of the contract, as it was sent", async () => {
    const wanted = Object.entries(DOOR_PATHS).flatMap(([method, paths]) =>
      paths.map((path) => ({ method, target: path.replace("*", "qwen3:0.6b") })),
    );
    wanted.push({ method: "GET", target: "/v1/models/hf.co/a/b-GGUF:Q4_K_M" });
    echo.requests.length = 0;
    for (const one of wanted) {
      // A door of Caddy takes no body whose length it is not told.
      const body = one.method === "POST" ? "{}" : "";
      expect((await knock(door.port, { ...one, headers: withKey, body })).status).toBe(200);
    }
    expect(echo.requests.map(({ method, target }) => ({ method, target }))).toEqual(wanted);
  });

  it("answers 404 to every other path and spelling, and passes none of them on", async () => {
    expect(await detours(door, echo)).toEqual([]);
  });

  it.each([
    ["the list of paths", "\t\trespond @forbidden 404\n", ""],
    ["the end of a path in it", "/api/tags|", "/api/tags[^ ]*|"],
    ["the rule for a model's name", "[A-Za-z0-9_](?:[A-Za-z0-9._:@-]|%3[Aa]|%40)*", ".*"],
  ])("would be seen to pass more without %s", async (_, line, instead) => {
    const mutant = await startDoor({
      ollamaUrl: echo.url,
      key: KEY,
      mutate: (file) => file.replace(line, instead),
    });
    try {
      expect(await detours(mutant, echo)).not.toEqual([]);
    } finally {
      await mutant.close();
    }
  });
});
