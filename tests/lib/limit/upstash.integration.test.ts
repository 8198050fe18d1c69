/** The bridge of the tests, as Upstash's own client sees it. */
import { createClient } from "@vercel/kv";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parts } from "../../helpers/parts.ts";
import { startUpstash, type Upstash } from "../../helpers/upstash.ts";

// Vitest looks into a package's default export, and that of @vercel/kv throws without these.
vi.hoisted(() => {
  vi.stubEnv("KV_REST_API_URL", "http://127.0.0.1:9").stubEnv("KV_REST_API_TOKEN", "unused");
});

describe.skipIf(parts.redis === undefined)("Upstash's protocol before a real Redis", () => {
  let upstash: Upstash;
  beforeAll(async () => {
    upstash = await startUpstash();
  });
  afterAll(() => upstash.close());

  it.each([true, false])("carries every kind of reply (pipelines: %s)", async (pipelines) => {
    const { url, token } = upstash;
    const client = createClient({ url, token, enableAutoPipelining: pipelines });
    const long = "é€😀".repeat(50_000);
    expect(await client.set("words", long)).toBe("OK");
    const asked = [client.get("words"), client.get("none"), client.incrby("number", 3)];
    expect(await Promise.all(asked)).toEqual([long, null, 3]);
    await client.del("number");
    await client.rpush("list", "a", "ß");
    expect(await client.lrange("list", 0, -1)).toEqual(["a", "ß"]);
    expect(await client.eval("return {1, {'x', false}}", [], [])).toEqual([1, ["x", null]]);
    await client.del("list");
    await expect(client.evalsha("0".repeat(40), [], [])).rejects.toThrow("NOSCRIPT");
    await expect(client.incr("words")).rejects.toThrow("not an integer");
  });

  it("runs a transaction whole", async () => {
    const client = createClient({ url: upstash.url, token: upstash.token });
    const transaction = client.multi().set("balance", 5).incrby("balance", 2).get("balance");
    expect(await transaction.exec()).toEqual(["OK", 7, 7]);
  });

  it("refuses another token", async () => {
    const client = createClient({ url: upstash.url, token: "wrong" });
    await expect(client.get("words")).rejects.toThrow("WRONGPASS");
  });
});
