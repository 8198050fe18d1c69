import { createHash, randomBytes } from "node:crypto";
import { NextRequest } from "next/server";
import { describe, expect, it, vi } from "vitest";
import { authenticate } from "../../lib/auth.ts";
import { parseConfig, type Config } from "../../lib/config.ts";
import { RelayError } from "../../lib/errors.ts";
import { sealSession } from "../../lib/session.ts";

const random = () => randomBytes(32).toString("hex");
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const ownerKey = random();
const expiredKey = random();
const doorKey = random();
const secrets = [random(), random()];

function configWith(change: Record<string, string> = {}): Config {
  const parsed = parseConfig({
    OLLAMA_BASE_URL: "http://127.0.0.1:11435",
    OLLAMA_API_KEY: doorKey,
    ACCESS_KEYS: `owner:owner:${sha256(ownerKey)},late:guest:${sha256(expiredKey)}:1000000000`,
    SESSION_SECRET: secrets.join(","),
    ...change,
  });
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

const config = configWith();

async function outcome(
  headers: Record<string, string>,
  method = "POST",
  // One of its own for each: wrong keys are counted.
  withConfig = configWith(),
): Promise<string> {
  const request = new NextRequest("http://app.example/api/chat", { method, headers });
  try {
    const caller = await authenticate(request, withConfig);
    return `${caller.name} by ${caller.by}`;
  } catch (thrown) {
    if (thrown instanceof RelayError) return thrown.code;
    throw thrown;
  }
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("the lock", () => {
  it.each([
    ["Bearer", { authorization: `Bearer ${ownerKey}` }],
    ["bearer in lower case", { authorization: `bearer ${ownerKey}` }],
    ["x-api-key", { "x-api-key": ownerKey }],
    ["Basic, the key as password", { authorization: basic(`anyone:${ownerKey}`) }],
  ])("lets the right key in as %s", async (_form, headers) => {
    expect(await outcome(headers)).toBe("owner by key");
  });

  it.each([
    ["nothing", {}],
    ["an empty x-api-key", { "x-api-key": "" }],
    ["an empty Bearer", { authorization: "Bearer " }],
    ["a wrong key", { authorization: `Bearer ${random()}` }],
    ["the door's key", { "x-api-key": doorKey }],
    ["the key's hash", { "x-api-key": sha256(ownerKey) }],
    ["an expired key", { "x-api-key": expiredKey }],
    ["the key under another scheme", { authorization: `Digest ${ownerKey}` }],
    ["a doubled header", { "x-api-key": `${ownerKey}, ${ownerKey}` }],
    ["the key as Basic user", { authorization: basic(`${ownerKey}:`) }],
    ["the key as Basic without a colon", { authorization: basic(ownerKey) }],
    ["the key with something behind it", { authorization: `Bearer ${ownerKey} more` }],
    ["another scheme beside the right x-api-key", { authorization: "Junk", "x-api-key": ownerKey }],
    ["a made-up cookie", { cookie: "latchkey=Fe26.2*1*nonsense" }],
  ])("refuses %s", async (_what, headers) => {
    expect(await outcome(headers)).toBe("unauthorized");
  });

  it("does not make a wrong key good by PUBLIC_ACCESS or a cookie", async () => {
    const open = configWith({ PUBLIC_ACCESS: "true" });
    expect(await outcome({ "x-api-key": "wrong" }, "POST", open)).toBe("unauthorized");
    expect(await outcome({}, "POST", open)).toBe("guest by none");
  });
});

describe("an app open to the public", () => {
  const open = configWith({ PUBLIC_ACCESS: "true" });

  it("lets in programs and its own pages, and no visitor of another page", async () => {
    const own = { origin: "http://app.example", host: "app.example" };
    expect(await outcome(own, "POST", open)).toBe("guest by none");
    const foreign = { origin: "https://elsewhere.example", host: "app.example" };
    expect(await outcome(foreign, "POST", open)).toBe("forbidden_origin");
    expect(await outcome({ "sec-fetch-site": "cross-site" }, "POST", open)).toBe(
      "forbidden_origin",
    );
  });
});

it("an empty key opens nothing, whatever hash stands among the known ones", async () => {
  const careless = {
    ...config,
    accessKeys: [{ name: "oops", role: "owner", hash: sha256("") }],
  } as const;
  for (const headers of [
    { "x-api-key": "" },
    { authorization: "Bearer " },
    { authorization: "x" },
  ]) {
    expect(await outcome(headers, "POST", careless)).toBe("unauthorized");
  }
});

describe("wrong keys", () => {
  const wrong = { "x-api-key": "w".repeat(40) };

  it("are slowed after thirty from one place, and the right one is let in all the while", async () => {
    const slowed = configWith();
    for (let tries = 0; tries < 30; tries += 1) {
      expect(await outcome(wrong, "POST", slowed)).toBe("unauthorized");
    }
    expect(await outcome(wrong, "POST", slowed)).toBe("rate_limited");
    expect(await outcome({ "x-api-key": ownerKey }, "POST", slowed)).toBe("owner by key");
  });

  it("are slowed in all, wherever they come from", async () => {
    const slowed = configWith({ TRUSTED_PROXY: "vercel" });
    const from = (address: string) => ({ ...wrong, "x-real-ip": address });
    const outcomes = new Map<string, number>();
    for (let tries = 0; tries < 310; tries += 1) {
      const code = await outcome(from(`203.0.113.${tries % 250}`), "POST", slowed);
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
    }
    expect(outcomes.get("unauthorized")).toBe(300);
    expect(outcomes.get("rate_limited")).toBe(10);
  });
});

it("a browser that keeps a Basic password does not send it from a page elsewhere", async () => {
  const authorization = basic(`me:${ownerKey}`);
  const elsewhere = { authorization, origin: "https://elsewhere.example", host: "app.example" };
  expect(await outcome(elsewhere)).toBe("forbidden_origin");
  expect(await outcome({ authorization })).toBe("owner by key");
});

it("strangers of an allowed origin are guests, each by its address", async () => {
  const open = configWith({ PUBLIC_ACCESS: "true", ALLOWED_ORIGINS: "https://friend.example" });
  expect(await outcome({ origin: "https://friend.example" }, "POST", open)).toBe("guest by none");
  const another = { origin: "https://friend.example.evil.example" };
  expect(await outcome(another, "POST", open)).toBe("forbidden_origin");
});

describe("the session cookie", () => {
  const [owner] = config.accessKeys;
  if (owner === undefined) throw new Error("no key");
  const cookie = async () => `latchkey=${await sealSession(config, owner)}`;
  const own = { origin: "http://app.example", host: "app.example" };

  it("lets its key in from the app's own pages", async () => {
    const headers = { cookie: await cookie(), ...own };
    expect(await outcome(headers)).toBe("owner by cookie");
    expect(await outcome({ cookie: await cookie(), "sec-fetch-site": "same-origin" })).toBe(
      "owner by cookie",
    );
    expect(await outcome({ cookie: await cookie() }, "GET")).toBe("owner by cookie");
  });

  it.each([
    [{ origin: "https://elsewhere.example", host: "app.example" }],
    [{ origin: "null", host: "app.example" }],
    [{ "sec-fetch-site": "cross-site", ...own }],
    [{ "sec-fetch-site": "same-site", ...own }],
    [{}],
  ])("changes nothing when it comes with %j", async (headers) => {
    expect(await outcome({ cookie: await cookie(), ...headers })).toBe("forbidden_origin");
  });

  it("is still opened by the old secret after a rotation, and by none once that is gone", async () => {
    const old = configWith({ SESSION_SECRET: secrets[1] ?? "" });
    const sealed = `latchkey=${await sealSession(old, owner)}`;
    expect(await outcome({ cookie: sealed, ...own })).toBe("owner by cookie");
    const gone = configWith({ SESSION_SECRET: secrets[0] ?? "" });
    expect(await outcome({ cookie: sealed, ...own }, "POST", gone)).toBe("unauthorized");
  });

  it("is to be sealed anew after a day, or when its secret is on its way out", async () => {
    const stale = async (sealed: string, now = Date.now()) => {
      vi.useFakeTimers({ now, toFake: ["Date"] });
      const headers = { cookie: sealed, ...own };
      const request = new NextRequest("http://app.example/", { headers });
      const caller = await authenticate(request, config).finally(() => vi.useRealTimers());
      return caller.staleSession?.name;
    };
    const hours = 60 * 60 * 1000;
    expect(await stale(await cookie())).toBeUndefined();
    expect(await stale(await cookie(), Date.now() + 25 * hours)).toBe("owner");
    const old = configWith({ SESSION_SECRET: secrets[1] ?? "" });
    expect(await stale(`latchkey=${await sealSession(old, owner)}`)).toBe("owner");
  });

  it("ends by itself after thirty days", async () => {
    const headers = { cookie: await cookie(), ...own };
    vi.useFakeTimers({ now: Date.now() + 31 * 24 * 60 * 60 * 1000, toFake: ["Date"] });
    try {
      expect(await outcome(headers)).toBe("unauthorized");
    } finally {
      vi.useRealTimers();
    }
  });

  it("ends when its key is removed", async () => {
    const without = configWith({ ACCESS_KEYS: `other:owner:${sha256(random())}` });
    expect(await outcome({ cookie: await cookie(), ...own }, "POST", without)).toBe("unauthorized");
  });
});
