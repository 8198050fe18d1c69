/** With a store: a real Redis behind Upstash's protocol, well and in each way it can fail. */
import { randomUUID } from "node:crypto";
import { createClient } from "@vercel/kv";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Counters } from "../../../lib/limit/counters.ts";
import { log } from "../../../lib/log.ts";
import { parts } from "../../helpers/parts.ts";
import { startUpstash, type Upstash } from "../../helpers/upstash.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

// Vitest looks into a package's default export, and that of @vercel/kv throws without these.
vi.hoisted(() => {
  vi.stubEnv("KV_REST_API_URL", "http://127.0.0.1:9").stubEnv("KV_REST_API_TOKEN", "unused");
});

/** Milliseconds within which every decision has to be there. */
const DECISION_MS = 1_200;
/** Milliseconds for which a store that failed is left alone. */
const PAUSE_MS = 5_000;

const now = performance.now.bind(performance);

async function timed<Value>(work: () => Promise<Value>): Promise<Value> {
  const begun = now();
  const value = await work();
  expect.soft(now() - begun).toBeLessThan(DECISION_MS);
  return value;
}

describe.skipIf(parts.redis === undefined)("limits over a store", () => {
  let upstash: Upstash;
  let identity = "";
  const error = vi.spyOn(log, "error").mockReturnValue();
  const info = vi.spyOn(log, "info").mockReturnValue();
  const clock = vi.spyOn(performance, "now");

  beforeAll(async () => {
    upstash = await startUpstash();
  });
  afterAll(() => upstash.close());

  beforeEach(() => {
    identity = `key ${randomUUID()}`;
    // No test runs over the end of a minute or a day.
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-05-04T18:00:30Z") });
  });
  afterEach(async () => {
    vi.useRealTimers();
    clock.mockReset();
    error.mockClear();
    info.mockClear();
    await upstash.setFault("none");
  });

  function newProcess(token = upstash.token): Counters {
    return new Counters({ store: { url: upstash.url, token } });
  }

  function afterThePause(): void {
    clock.mockImplementation(() => now() + PAUSE_MS);
  }

  it("counts the requests of all processes together", async () => {
    const [one, other] = [newProcess(), newProcess()];
    expect(await one.countRequest(identity, 3)).toEqual({
      allowed: true,
      allowance: { limit: 3, remaining: 2, resetSeconds: 30 },
    });
    expect((await other.countRequest(identity, 3)).allowance.remaining).toBe(1);
    expect((await one.countRequest(identity, 3)).allowed).toBe(true);
    for (const counters of [one, other]) {
      expect(await counters.countRequest(identity, 3)).toMatchObject({
        allowed: false,
        allowance: { limit: 3, remaining: 0 },
      });
    }
    expect((await one.countRequest(`${identity} other`, 3)).allowed).toBe(true);
    expect(error).not.toHaveBeenCalled();
  });

  it("charges tokens for all processes, also beyond what is left, and then refuses", async () => {
    const [one, other] = [newProcess(), newProcess()];
    const midnight = 6 * 3_600 - 30;
    for (const counters of [one, other]) {
      expect(await counters.checkTokens(identity, 100)).toEqual({
        allowed: true,
        allowance: { limit: 100, remaining: 100, resetSeconds: midnight },
      });
    }
    await one.chargeTokens(identity, 100, 99);
    expect((await other.checkTokens(identity, 100)).allowance.remaining).toBe(1);
    await other.chargeTokens(identity, 100, 700);
    await other.chargeTokens(identity, 100, 1);
    for (const counters of [one, other]) {
      expect(await counters.checkTokens(identity, 100)).toEqual({
        allowed: false,
        allowance: { limit: 100, remaining: 0, resetSeconds: midnight },
      });
    }
    // The owner gives more: what was spent stays spent.
    expect((await one.checkTokens(identity, 1_000)).allowance.remaining).toBe(200);
  });

  async function loseScripts(): Promise<void> {
    const { url, token } = upstash;
    await createClient({ url, token, enableAutoPipelining: false }).scriptFlush();
  }

  it("teaches a Redis that lost its scripts what it has to do", async () => {
    await loseScripts();
    const seen = upstash.commands.length;
    const counters = newProcess();
    await counters.countRequest(identity, 3);
    await counters.countRequest(identity, 3);
    const names = upstash.commands.slice(seen).map(([name]) => name);
    expect(names).toEqual(["evalsha", "eval", "evalsha"]);
    expect(error).not.toHaveBeenCalled();
  });

  const faults = ["hang", "refuse", "500", "401"] as const;
  const REASONS: Readonly<Record<(typeof faults)[number], RegExp>> = {
    hang: /^timeout$/u,
    refuse: /^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/u,
    "500": /^UpstashError$/u,
    "401": /^token refused$/u,
  };

  it.each(faults)(
    "decides by itself when the store fails (%s), until it is back",
    async (fault) => {
      const counters = newProcess();
      await counters.countRequest(identity, 3);
      await upstash.setFault(fault);
      const seen = upstash.commands.length;
      // It knows what it counted itself, so a failing store is no fresh start.
      const first = await timed(() => counters.countRequest(identity, 3));
      expect(first).toMatchObject({ allowed: true, allowance: { limit: 3, remaining: 1 } });
      expect((await timed(() => counters.countRequest(identity, 3))).allowed).toBe(true);
      expect((await timed(() => counters.countRequest(identity, 3))).allowed).toBe(false);
      expect((await timed(() => counters.checkTokens(identity, 100))).allowed).toBe(true);
      await timed(() => counters.chargeTokens(identity, 100, 150));
      expect((await timed(() => counters.checkTokens(identity, 100))).allowed).toBe(false);

      await upstash.setFault("none");
      expect((await counters.countRequest(identity, 3)).allowed).toBe(false);
      expect(upstash.commands).toHaveLength(seen);
      expect(error.mock.calls).toEqual([
        [{ reason: expect.stringMatching(REASONS[fault]) }, expect.stringContaining("fails")],
      ]);
      expect(JSON.stringify(error.mock.calls)).not.toMatch(
        new RegExp(`${upstash.token}|127\\.0`, "u"),
      );
      expect(info).not.toHaveBeenCalled();

      afterThePause();
      expect((await counters.countRequest(identity, 3)).allowance.remaining).toBe(1);
      expect((await newProcess().countRequest(identity, 3)).allowance.remaining).toBe(0);
      expect(error).toHaveBeenCalledTimes(1);
      expect(info).toHaveBeenCalledTimes(1);
    },
  );

  it.each(faults)("charges in this process when the store fails (%s)", async (fault) => {
    const counters = newProcess();
    await counters.checkTokens(identity, 100);
    await upstash.setFault(fault);
    await timed(() => counters.chargeTokens(identity, 100, 150));
    expect((await timed(() => counters.checkTokens(identity, 100))).allowed).toBe(false);
    expect(error).toHaveBeenCalledTimes(1);
  });

  it.each(faults)("tells the store's health, also while it is left alone (%s)", async (fault) => {
    const counters = newProcess();
    expect(await counters.storeHealth()).toBe("up");
    await upstash.setFault(fault);
    expect(await timed(() => counters.storeHealth())).toBe("down");
    expect(await timed(() => counters.storeHealth())).toBe("down");
    await upstash.setFault("none");
    expect(await counters.storeHealth()).toBe("up");
    await counters.countRequest(identity, 3);
    expect((await newProcess().countRequest(identity, 3)).allowance.remaining).toBe(1);
    expect(error).toHaveBeenCalledTimes(1);
    expect(info).toHaveBeenCalledTimes(1);
  });

  it("leaves no request behind at a store that hangs, and sends one to see whether it is back", async () => {
    const counters = newProcess();
    await counters.countRequest(identity, 90);
    await upstash.setFault("hang");
    const crowd = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 5 }, () => counters.countRequest(identity, 90)));
    await timed(crowd);
    await waitUntil("the hung requests to leave", () => upstash.pendingCount() === 0);
    afterThePause();
    const before = upstash.requestCount();
    await timed(crowd);
    expect(upstash.requestCount() - before).toBe(1);
    expect(error).toHaveBeenCalledTimes(1);
  });

  it("waits no longer for a decision that takes the store two answers", async () => {
    const counters = newProcess();
    await counters.countRequest(identity, 3);
    await loseScripts();
    await upstash.setFault("slow");
    expect((await timed(() => counters.countRequest(identity, 3))).allowance.remaining).toBe(1);
    expect(error.mock.calls).toMatchObject([[{ reason: "timeout" }, expect.any(String)]]);
  });

  it("works from the first request on with a token that the store does not know", async () => {
    const counters = newProcess("wrong");
    expect((await timed(() => counters.countRequest(identity, 1))).allowed).toBe(true);
    expect((await timed(() => counters.countRequest(identity, 1))).allowed).toBe(false);
    expect(error.mock.calls).toMatchObject([[{ reason: "token refused" }, expect.any(String)]]);
  });
});
