/** The shared store in each way it can fail: nobody waits for it, limits hold, and it comes back by itself. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startDemoEngine, type DemoEngine } from "../../gateway/demo/server.ts";
import { parts } from "../helpers/parts.ts";
import { startUpstash, type Upstash, type UpstashFault } from "../helpers/upstash.ts";
import { APP_JSON, DIALECTS } from "./dialects.ts";
import { commonOutcome, readAnswer, type Answer } from "./outcome.ts";
import { openRelay, type Relay } from "./relay.ts";
import { faultTable } from "./report.ts";

// Vitest looks into a package's default export, and that of @vercel/kv throws without these.
vi.hoisted(() => {
  vi.stubEnv("KV_REST_API_URL", "http://127.0.0.1:9").stubEnv("KV_REST_API_TOKEN", "unused");
});

/** Within which every request has to be decided. */
const DECISION_MS = 1_200;
/** For which a store that failed is left alone. */
const PAUSE_MS = 5_000;
const PER_MINUTE = DIALECTS.length + 4;
const CALM = {
  parallel: DIALECTS.length,
  tokensPerSecond: Infinity,
  loadMs: 0,
  readMs: 0,
  tokens: 5,
};
const FAULTS = ["hang", "refuse", "500", "401"] as const satisfies readonly UpstashFault[];

const now = performance.now.bind(performance);
const addRow = faultTable("The store's faults", [
  "slowest",
  "while it fails",
  "over the limit",
  "health",
  "afterwards",
]);

describe.skipIf(parts.redis === undefined)("a store that fails", () => {
  let upstash: Upstash;
  let engine: DemoEngine;
  const clock = vi.spyOn(performance, "now");

  beforeAll(async () => {
    upstash = await startUpstash();
    engine = await startDemoEngine({ controls: CALM });
  });
  afterAll(async () => {
    await upstash.close();
    await engine.close();
  });
  // No test runs over the end of a minute.
  let hour = 0;
  beforeEach(() => {
    hour += 1;
    vi.useFakeTimers({ toFake: ["Date"], now: new Date(`2026-05-04T0${hour}:00:30Z`) });
  });
  afterEach(async () => {
    vi.useRealTimers();
    clock.mockReset();
    await upstash.setFault("none");
  });

  async function askOnce(relay: Relay, dialect = APP_JSON): Promise<Answer & { ms: number }> {
    const begun = now();
    const response = await relay.ask(dialect);
    const ms = now() - begun;
    const secrets = [upstash.token, new URL(upstash.url).host];
    return { ...(await readAnswer(relay, dialect, response, secrets)), ms };
  }

  async function storeLink(relay: Relay) {
    const links = await relay.checkLinks();
    return links.find(({ link }) => link === "store");
  }

  it.each(FAULTS)("by %s", async (fault) => {
    const relay = await openRelay(engine.url, {
      KV_REST_API_URL: upstash.url,
      KV_REST_API_TOKEN: upstash.token,
      REQUESTS_PER_MINUTE: String(PER_MINUTE),
      TOKENS_PER_DAY: "1000000",
      MAX_ACTIVE: String(DIALECTS.length),
    });
    const well = await askOnce(relay);
    expect(well.headers.get("ratelimit-remaining")).toBe(String(PER_MINUTE - 1));
    expect(await storeLink(relay)).toMatchObject({ ok: true });

    await upstash.setFault(fault);
    const first = await askOnce(relay);
    const others = await Promise.all(DIALECTS.map((dialect) => askOnce(relay, dialect)));
    const slowest = Math.max(...[first, ...others].map(({ ms }) => ms));
    expect(slowest).toBeLessThan(DECISION_MS);
    expect(commonOutcome([first, ...others])).toBe("complete");
    // What was counted before the store failed still counts.
    expect((await askOnce(relay)).headers.get("ratelimit-remaining")).toBe("1");
    await askOnce(relay);
    const over = await askOnce(relay);
    expect(over.outcome).toBe("429 rate_limited");
    const health = await storeLink(relay);
    expect(health).toMatchObject({ ok: false, fix: expect.stringContaining("KV_REST_API_URL") });
    expect(health?.ms).toBeLessThan(DECISION_MS);

    await upstash.setFault("none");
    clock.mockImplementation(() => now() + PAUSE_MS);
    const commands = upstash.commands.length;
    const after = await askOnce(relay);
    // It heard of the first request alone.
    expect(after.headers.get("ratelimit-remaining")).toBe(String(PER_MINUTE - 2));
    expect(upstash.commands.length).toBeGreaterThan(commands);
    expect(await storeLink(relay)).toMatchObject({ ok: true });
    addRow([fault, `${Math.round(slowest)} ms`, "served", over.outcome, "store down", "counted"]);
  });
});
