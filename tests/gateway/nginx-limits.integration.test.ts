import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { knock, type Reply } from "../helpers/knock.ts";
import { type NginxDoor, startNginxDoor } from "../helpers/nginx-door.ts";
import { inTurn } from "../helpers/in-turn.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");
const OTHER = randomBytes(32).toString("hex");
const SECOND = randomBytes(32).toString("hex");
const WRONG = randomBytes(32).toString("hex");

const callers = [{ name: "app" }, { name: "phone" }];
const moreKeys = [
  { name: "app", key: SECOND },
  { name: "phone", key: OTHER },
];

describe.skipIf(parts.nginx === undefined)("nginx's limits", () => {
  let cleanup = new AsyncDisposableStack();
  afterEach(async () => {
    await cleanup.disposeAsync();
    cleanup = new AsyncDisposableStack();
  });

  const open = async (
    limits: Readonly<Record<string, number>>,
    mutate?: (config: string) => string,
    tunnel: "none" | "cloudflared" = "none",
  ): Promise<{ door: NginxDoor; echo: Echo }> => {
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const options = { ollamaUrl: echo.url, key: KEY, moreKeys, spec: { callers, limits, tunnel } };
    const door = await startNginxDoor(mutate === undefined ? options : { ...options, mutate });
    cleanup.defer(() => door.close());
    return { door, echo };
  };

  const ask = async ({ port }: NginxDoor, key: string, target = "/api/tags"): Promise<Reply> =>
    await knock(port, { target, headers: [`X-API-Key: ${key}`] });

  const statuses = async (door: NginxDoor, keys: readonly string[]): Promise<number[]> => {
    const found: number[] = [];
    for (const key of keys) found.push((await ask(door, key)).status);
    return found;
  };

  it("slow down who brings wrong keys, while right ones go on", async () => {
    const { door } = await open({ badKeysPerMinute: 2 });
    expect(await statuses(door, [WRONG, "", WRONG, "", KEY, OTHER, WRONG, KEY])).toEqual([
      401, 401, 429, 429, 200, 200, 429, 200,
    ]);
    const { head, body } = await ask(door, WRONG);
    expect(head).toMatch(/^Retry-After: 30$/m);
    expect(body).toBe("");
    expect((await ask(door, KEY)).head).not.toMatch(/retry-after/i);
    expect((await knock(door.port, { target: "/health" })).status).toBe(200);
    expect((await ask(door, KEY, "/api/blobs")).status).toBe(404);
  });

  it("take all IPv6 addresses of one network for one stranger", async () => {
    const { door } = await open({ badKeysPerMinute: 2 }, undefined, "cloudflared");
    const from = async (address: string): Promise<number> =>
      (await knock(door.port, { target: "/", headers: [`Cf-Connecting-Ip: ${address}`] })).status;
    const network = ["2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::9"];
    expect(await inTurn(network, from)).toEqual([401, 401, 429]);
    expect(await inTurn(["2001:db8:1:3::1", "2001:db8::1", "::1"], from)).toEqual([401, 401, 401]);
    expect(await inTurn(["203.0.113.5", "203.0.113.6"], from)).toEqual([401, 401]);
  });

  it("count each caller by name, whatever its key, and only what passes", async () => {
    const { door, echo } = await open({ requestsPerMinute: 3, badKeysPerMinute: 0 });
    await knock(door.port, { target: "/health" });
    await ask(door, KEY, "/api/blobs");
    expect(await statuses(door, [KEY, SECOND, KEY, SECOND, KEY, OTHER, OTHER])).toEqual([
      200, 200, 200, 429, 429, 200, 200,
    ]);
    expect(echo.requests.length).toBe(5);
    const { head, body } = await ask(door, KEY);
    expect(head).toMatch(/^Retry-After: 20$/m);
    expect(body).toBe("");
    expect(await statuses(door, [WRONG, WRONG, WRONG])).toEqual([401, 401, 401]);
  });

  it("are none where they are 0", async () => {
    const { door } = await open({ badKeysPerMinute: 0 });
    const many = Array.from({ length: 60 }, () => WRONG);
    expect(new Set(await statuses(door, many))).toEqual(new Set([401]));
    const right = Array.from({ length: 60 }, () => KEY);
    expect(new Set(await statuses(door, right))).toEqual(new Set([200]));
  });

  it("would be seen to be gone without their lines", async () => {
    const { door } = await open({ badKeysPerMinute: 1, requestsPerMinute: 1 }, (config) =>
      config.replaceAll(/\t+limit_req zone.*\n/g, ""),
    );
    expect(await statuses(door, [WRONG, WRONG, KEY, KEY])).toEqual([401, 401, 200, 200]);
  });
});
