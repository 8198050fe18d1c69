import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseSpec } from "../../gateway/spec/spec.ts";
import type { Subject, Wish } from "../../gateway/verify/subject.ts";
import { DOOR_PATHS } from "../../lib/contract.ts";
import { type Faults, KEY, lookAt, startFakeDoor, subjectFor } from "./verify-door.ts";

async function look(
  name: string,
  faults: Faults = {},
  known: Partial<Wish> = {},
  changes: Partial<Subject> = {},
) {
  const door = await startFakeDoor(faults);
  try {
    return await lookAt(name, await subjectFor(door.url, known, changes));
  } finally {
    await door.close();
  }
}

const isRight = (keys: readonly string[]): boolean => keys.length === 1 && keys[0] === KEY;
const other = (key: string): string => key.toUpperCase();

/** Each check beside a door with that one fault, and something of what it says. */
const RED: readonly (readonly [name: string, fault: string, faults: Faults, seen: string])[] = [
  [
    "health",
    "keeps /health shut",
    { health: (out) => void out.writeHead(401).end() },
    "answered 401",
  ],
  [
    "health-silent",
    "tells a version",
    { health: (out) => void out.setHeader("server", "nginx/1.22.1").end("OK") },
    "nginx/1.22.1",
  ],
  [
    "health-silent",
    "shows Ollama there",
    { health: (out) => void out.end("Ollama is running") },
    "Ollama",
  ],
  ["no-key", "is open", { opens: () => true }, "GET /api/tags answered 200"],
  ["no-key", "tells what is there", { opens: (_, { url }) => url === "/" }, "GET / answered 404"],
  ["empty-key", "lets an empty key in", { opens: ([key]) => key === "" }, "answered 200"],
  ["wrong-key", "lets any key in", { opens: ([key]) => key !== undefined }, "answered 200"],
  [
    "wrong-key",
    "takes a key in the query",
    { opens: (_, { url }) => url?.includes("?") === true },
    "GET /api/tags?key=",
  ],
  ["wildcard-key", "reads *", { opens: ([key]) => key === "*" }, "answered 200"],
  [
    "wildcard-key",
    "reads a beginning",
    { opens: ([key]) => key === `${KEY.slice(0, 8)}*` },
    "answered 200",
  ],
  [
    "doubled-key-right-first",
    "looks at the first",
    { opens: ([key]) => key === KEY },
    "answered 200",
  ],
  [
    "doubled-key-right-last",
    "looks at the last",
    { opens: (keys) => keys.at(-1) === KEY },
    "answered 200",
  ],
  [
    "other-case-key",
    "ignores case",
    { opens: (keys) => isRight(keys) || keys[0] === other(KEY) },
    "200",
  ],
  ["right-key", "does not know it", { opens: () => false }, "answered 401"],
  ["forbidden-path", "passes every path", { isOpen: true }, "POST /api/pull"],
  ["path-spelling", "passes every spelling", { isOpen: true }, "POST /API/PULL"],
  ["host-rewritten", "hands Host on", { handsOnHost: true }, "empty 403"],
  ["origin-kept", "hands Origin on", { handsOnOrigin: true }, "empty 403"],
  ["cors-preflight", "says *", { permits: () => ["*"] }, 'told "*"'],
  ["cors-refusal", "repeats any origin", { permits: (origin) => [origin] }, "elsewhere.example"],
  ["cors-answer", "says it twice", { permits: () => ["*", "*"] }, 'told "*"; '],
  [
    "cors-stream",
    "lets Ollama's through",
    { permits: (_, kind) => (kind === "answer" ? ["*"] : []) },
    "*",
  ],
  ["streaming", "holds a reply back", { buffers: true }, "ms of writing came as"],
  ["stop", "does not pass a stop on", { ignoresStop: true }, "still waits"],
  ["large-body", "takes a megabyte", { largest: 1_000_000 }, "answered 413"],
  ["oversized-announced", "takes any size", { largest: Infinity }, "nothing within"],
  ["oversized-chunked", "takes any size", { largest: Infinity }, "took 40 MB"],
  ["bad-keys", "slows everybody", { badKeys: 5, slowsAll: true }, "right key gets 429"],
];

describe("a check is red at a door that", () => {
  it.concurrent.each(RED)("%s: %s", async (name, _, faults, seen) => {
    const check = await look(name, faults);
    expect(check.ok).toBe(false);
    expect(check.seen).toContain(seen);
    expect(check.fix).toMatch(/\.$/);
    expect(JSON.stringify(check)).not.toContain(KEY);
  });

  it.concurrent.each(
    Object.entries(DOOR_PATHS).flatMap(([method, paths]) =>
      paths.map((path) => [method, path.replace("*", "none")] as const),
    ),
  )("no-key: opens %s %s alone", async (method, path) => {
    const check = await look("no-key", {
      opens: (_, incoming) => incoming.method === method && incoming.url === path,
    });
    expect(check.ok).toBe(false);
    expect(check.seen).toMatch(new RegExp(`^${method} ${path} answered \\d+$`));
  });

  it("bad-keys: lets them guess, where others reach it", async () => {
    expect((await look("bad-keys", {}, {}, { reach: "beyond" })).ok).toBe(false);
    const own = await look("bad-keys", {}, { spec: parseSpec({}) }, { reach: "beyond" });
    expect(own).toMatchObject({ ok: null, seen: expect.stringContaining("the only one") });
  });

  it.each([
    ["your-secret-key-here-make-it-long-and-random", "it looks like an example from a guide"],
    ["abcabcabcabcabcabcabcabcabcabcabc", "it is too easy to guess"],
    ["short", "it is not one line of 32 to 128"],
    ["", "it is empty"],
  ])("key-strength: has the key %o", async (key, seen) => {
    const check = await look("key-strength", {}, { key });
    expect(check.ok).toBe(false);
    expect(check.seen.startsWith(seen)).toBe(true);
    expect(check.seen).not.toContain("your-secret");
    expect((await look("key-strength")).ok).toBe(true);
    expect((await look("key-strength", {}, { key: undefined })).ok).toBe(null);
  });

  it("as-rendered: has files that somebody has changed", async () => {
    const changed = (...names: readonly string[]) => ({
      changedFiles: () => Promise.resolve(names),
    });
    const check = await look("as-rendered", {}, changed("keys.caddy", "Caddyfile"));
    expect(check).toMatchObject({
      ok: false,
      seen: "keys.caddy is not as it would be written; Caddyfile is not as it would be written",
    });
    expect((await look("as-rendered", {}, changed())).ok).toBe(true);
    expect((await look("as-rendered")).ok).toBe(null);
  });

  it("tls, clear-text: speaks in clear, where others reach it", async () => {
    const beyond = { reach: "beyond" } as const;
    expect((await look("tls", {}, {}, beyond)).ok).toBe(false);
    expect((await look("clear-text", {}, {}, beyond)).ok).toBe(false);
    expect((await look("tls")).ok).toBe(null);
    expect((await look("clear-text")).ok).toBe(null);
  });
});

describe("the same check is green at a good door:", () => {
  it.concurrent.each([...new Set(RED.map(([name]) => name))])("%s", async (name) => {
    const check = await look(name, { badKeys: 20 });
    expect(check).toMatchObject({ ok: true, fix: "" });
  });
});

describe("a check does not tell", () => {
  it("what needs the right key where that would cross the network in clear", async () => {
    const refusal = { keyRefusal: "not in clear" };
    for (const name of ["right-key", "forbidden-path", "doubled-key-right-first", "large-body"]) {
      expect(await look(name, {}, {}, refusal)).toMatchObject({ ok: null, seen: "not in clear" });
    }
  });

  it.each([
    ["streaming", { models: [200, '{"models":[]}'] as const }, "no model"],
    ["stop", { parallel: 2 }, "several at once"],
    ["stop", { longest: 10 }, "done before"],
    ["cors-stream", { parallel: 0 }, "no word from the model"],
    ["bad-keys", {}, "the app's limit is the only one"],
    ["key-kept", {}, "--config FILE"],
    ["cookies-kept", {}, "--config FILE"],
    ["silence", {}, "--slow"],
    ["app", {}, "--app URL"],
    ["log-written", {}, "--config FILE"],
    ["log-key-free", {}, "--log FILE"],
    ["own-port", {}, "open to no other"],
  ])("%s", async (name, faults, seen) => {
    const check = await look(name, faults);
    expect(check.ok).toBe(null);
    expect(check.seen).toContain(seen);
  });

  it("streaming of a reply that was cut for want of time: that one was not quick", async () => {
    const changes = { signal: AbortSignal.timeout(2_000) };
    const check = await look("streaming", { stallsAfter: 3 }, {}, changes);
    expect(check.ok).toBe(null);
    expect(check.seen).toMatch(/^only [1-3] pieces over /);
  });

  it("other-case-key of a key without letters", async () => {
    const check = await look("other-case-key", {}, { key: "12345678901234567890123456789012" });
    expect(check).toMatchObject({ ok: null, seen: "the key has no letters" });
  });

  it("what nginx before 1.23 cannot see: more than the first of two keys", async () => {
    const opens: Faults["opens"] = ([key]) => key === KEY;
    const check = await look("doubled-key-right-first", { opens, server: "nginx" });
    expect(check).toMatchObject({ ok: null, seen: expect.stringContaining("nginx before 1.23") });
    expect((await look("doubled-key-right-first", { opens, server: "Caddy" })).ok).toBe(false);
  });

  it("takes 429 for a refusal only where the right key is served", async () => {
    const limited = { badKeys: 0 };
    expect((await look("wrong-key", limited)).ok).toBe(true);
    expect((await look("wrong-key", { ...limited, slowsAll: true })).ok).toBe(null);
  });
});

describe("listed origins", () => {
  const origin = "https://chat.example.com";
  const spec = parseSpec({ cors: { origins: [origin] } });
  const names = ["cors-preflight", "cors-refusal", "cors-answer", "cors-stream"];

  it("are told exactly their own", async () => {
    const permits = (from: string) => (from === origin ? [origin] : []);
    for (const name of names) expect((await look(name, { permits }, { spec })).ok).toBe(true);
    for (const name of names)
      expect(await look(name, {}, { spec })).toMatchObject({
        ok: false,
        seen: `${origin} was told nothing`,
      });
  });

  it("are told it once", async () => {
    const permits = (from: string) => (from === origin ? [origin, origin] : []);
    for (const name of names) expect((await look(name, { permits }, { spec })).ok).toBe(false);
  });
});

describe("the log", () => {
  async function lookAtLog(name: string, faults: Faults) {
    const folder = await mkdtemp(join(tmpdir(), "latchkey-log-"));
    const log = join(folder, "access.log");
    const door = await startFakeDoor({
      ...faults,
      ...(faults.isCareless === undefined ? {} : { log }),
    });
    try {
      const subject = await subjectFor(door.url, { logs: { access: [log], error: [log] } });
      await lookAt("wrong-key", subject);
      await lookAt("right-key", subject);
      return await lookAt(name, subject);
    } finally {
      await door.close();
      await rm(folder, { recursive: true });
    }
  }

  it("is missed where nothing is written", async () => {
    expect(await lookAtLog("log-written", {})).toMatchObject({
      ok: false,
      seen: "there is no such file",
    });
    expect((await lookAtLog("log-written", { isCareless: false })).ok).toBe(true);
  });

  it("may hold no key, right or wrong", async () => {
    expect((await lookAtLog("log-key-free", { isCareless: false })).ok).toBe(true);
    const check = await lookAtLog("log-key-free", { isCareless: true });
    expect(check.ok).toBe(false);
    expect(check.seen).toContain("the right key in x-api-key");
    expect(check.seen).toMatch(/wrong keys in .*the address/);
    expect(check.seen).toMatch(/wrong keys in .*a cookie/);
    expect((await lookAtLog("error-log-key-free", { isCareless: true })).ok).toBe(false);
  });
});
