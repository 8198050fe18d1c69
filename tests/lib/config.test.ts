import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../lib/config.ts";

const doorKey = randomBytes(32).toString("hex");
const accessKey = randomBytes(32).toString("hex");
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const good = {
  OLLAMA_BASE_URL: "https://home.example.net:11435",
  OLLAMA_API_KEY: doorKey,
  ACCESS_KEYS: `owner:owner:${sha256(accessKey)}`,
  SESSION_SECRET: randomBytes(32).toString("hex"),
};

function problemsOf(change: Record<string, string | undefined>): readonly string[] {
  const parsed = parseConfig({ ...good, ...change });
  return "problems" in parsed ? parsed.problems.map(({ name }) => name) : [];
}

describe("the environment", () => {
  it("has defaults for everything but addresses and keys", () => {
    const parsed = parseConfig(good);
    expect("config" in parsed && parsed.config).toMatchObject({
      publicAccess: false,
      maxBodyBytes: 4_400_000,
      firstTokenSeconds: 270,
      idleSeconds: 120,
      totalSeconds: 285,
    });
  });

  it("names every missing variable at once", () => {
    const parsed = parseConfig({});
    const names = "problems" in parsed ? parsed.problems.map(({ name }) => name) : [];
    expect(names).toEqual(expect.arrayContaining(["OLLAMA_BASE_URL", "OLLAMA_API_KEY"]));
  });

  it.each([
    ["OLLAMA_BASE_URL", ""],
    ["OLLAMA_BASE_URL", "http://home.example.net:11435"],
    ["OLLAMA_BASE_URL", "https://user:word@home.example.net"],
    ["OLLAMA_BASE_URL", "not an address"],
    ["OLLAMA_API_KEY", ""],
    ["OLLAMA_API_KEY", "short"],
    ["OLLAMA_API_KEY", "a".repeat(64)],
    ["OLLAMA_API_KEY", "your-secret-key-here-make-it-long-and-random"],
    ["OLLAMA_API_KEY", `${doorKey}*`],
    ["OLLAMA_CA", "nonsense"],
    ["ACCESS_KEYS", ""],
    ["ACCESS_KEYS", accessKey],
    ["ACCESS_KEYS", `owner:king:${sha256(accessKey)}`],
    ["ACCESS_KEYS", `owner:owner:${sha256(doorKey)}`],
    ["ACCESS_KEYS", `owner:owner:${sha256("")}`],
    ["SESSION_SECRET", ""],
    ["SESSION_SECRET", "short"],
    ["PUBLIC_ACCESS", "yes"],
    ["TOTAL_SECONDS", "soon"],
    ["ALLOWED_ORIGINS", "*"],
    ["ALLOWED_ORIGINS", "https://friend.example/"],
    ["ALLOWED_ORIGINS", "friend.example"],
    ["REQUESTS_PER_MINUTE", "many"],
    ["TOKENS_PER_DAY_GUEST", "-1"],
    ["MAX_ACTIVE", "0"],
    ["TRUSTED_PROXY", "everybody"],
    ["TRUSTED_PROXY", "10.0.0.0/99"],
    ["KV_REST_API_URL", "redis://store.example"],
  ])("refuses %s=%j", (name, value) => {
    expect(problemsOf({ [name]: value })).toContain(name);
  });

  it("wants the store's address and its token together", () => {
    const url = { KV_REST_API_URL: "https://store.example" };
    expect(problemsOf(url)).toEqual(["KV_REST_API_TOKEN"]);
    expect(problemsOf({ UPSTASH_REDIS_REST_TOKEN: "t" })).toEqual(["UPSTASH_REDIS_REST_URL"]);
    expect(problemsOf({ ...url, KV_REST_API_TOKEN: "t" })).toEqual([]);
  });

  it("never tells a value", () => {
    const parsed = parseConfig({ ...good, ACCESS_KEYS: accessKey, OLLAMA_API_KEY: "tooShortToBe" });
    expect(JSON.stringify(parsed)).not.toContain(accessKey);
    expect(JSON.stringify(parsed)).not.toContain("tooShortToBe");
  });

  it.each(["http://127.0.0.1:11435", "http://localhost:11435", "http://[::1]:11435"])(
    "takes plain HTTP on loopback: %s",
    (address) => {
      expect(problemsOf({ OLLAMA_BASE_URL: address })).toEqual([]);
    },
  );

  it("needs no access keys when the public is let in, and says so by name only", () => {
    expect(problemsOf({ ACCESS_KEYS: "", SESSION_SECRET: "", PUBLIC_ACCESS: "true" })).toEqual([]);
  });
});
