import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOOR_PATHS } from "../../lib/contract.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { knock } from "../helpers/knock.ts";
import { type NginxDoor, startNginxDoor } from "../helpers/nginx-door.ts";
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
  ["OPTIONS", "/api/chat"],
  ["GET", "/"],
  ["GET", "//pass"],
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
  ["GET", "/v1/models/a%3fb"],
  ["GET", String.raw`/v1/models/..\..\api`],
  ["POST", "/api/chat/../pull"],
  ["POST", "/api/chat%0a"],
  ["POST", "/api/chat%3f/../pull"],
];

/** Which of them did not get a 404, or got through. */
async function detours({ port }: NginxDoor, echo: Echo): Promise<string[]> {
  const found: string[] = [];
  for (const [method, target] of FORBIDDEN) {
    echo.requests.length = 0;
    const { status } = await knock(port, { method, target, headers: withKey });
    const passed = echo.requests
      .map((request) => ` passed as ${request.method} ${request.target}`)
      .join("");
    if (status !== 404 || passed !== "") found.push(`${method} ${target}: ${status}${passed}`);
  }
  return found;
}

describe.skipIf(parts.nginx === undefined)("nginx's list of paths", () => {
  let echo: Echo;
  let door: NginxDoor;

  beforeAll(async () => {
    echo = await startEcho();
    door = await startNginxDoor({ ollamaUrl: echo.url, key: KEY });
  });
  afterAll(async () => {
    await door.close();
    await echo.close();
  });

  it("lets the key through to each path of the contract, as it was sent", async () => {
    const wanted = Object.entries(DOOR_PATHS).flatMap(([method, paths]) =>
      paths.map((path) => ({ method, target: path.replace("*", "qwen3:0.6b") })),
    );
    wanted.push(
      { method: "GET", target: "/v1/models/hf.co/a/b-GGUF:Q4_K_M" },
      { method: "GET", target: "/v1/models/a%3Ab%40c" },
    );
    echo.requests.length = 0;
    for (const one of wanted)
      expect((await knock(door.port, { ...one, headers: withKey })).status).toBe(200);
    expect(echo.requests.map(({ method, target }) => ({ method, target }))).toEqual(wanted);
  });

  it("answers 404 to every other path and spelling, and passes none of them on", async () => {
    expect(await detours(door, echo)).toEqual([]);
  });

  it("is the one of the description", async () => {
    const spec = { paths: ["GET /api/tags", "GET /v1/models/*"] };
    const narrow = await startNginxDoor({ ollamaUrl: echo.url, key: KEY, spec });
    try {
      const status = async (method: string, target: string): Promise<number> =>
        (await knock(narrow.port, { method, target, headers: withKey })).status;
      expect([
        await status("GET", "/api/tags"),
        await status("GET", "/v1/models/a"),
        await status("GET", "/v1/models"),
        await status("POST", "/api/chat"),
      ]).toEqual([200, 200, 404, 404]);
    } finally {
      await narrow.close();
    }
  });

  it.each([
    ["the list of paths", '"~^(?:yes|no)::yes:" forbidden', '"~^(?:yes|no)::yes:" pass'],
    ["the end of a path in it", "/api/tags|", "/api/tags[^ ]*|"],
    ["the rule for a model's name", "[A-Za-z0-9_](?:[A-Za-z0-9._:@-]|%3[Aa]|%40)*", ".*"],
  ])("would be seen to pass more without %s", async (_, line, instead) => {
    const mutate = (config: string): string => config.replace(line, instead);
    const mutant = await startNginxDoor({ ollamaUrl: echo.url, key: KEY, mutate });
    try {
      expect(await detours(mutant, echo)).not.toEqual([]);
    } finally {
      await mutant.close();
    }
  });
});
