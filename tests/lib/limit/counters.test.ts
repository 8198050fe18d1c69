/** Without a store. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Counters } from "../../../lib/limit/counters.ts";
import { log } from "../../../lib/log.ts";

const loaded = vi.hoisted(() => vi.fn<(name: string) => void>());
vi.mock("@vercel/kv", () => {
  loaded("@vercel/kv");
  return {};
});
vi.mock("@upstash/ratelimit", () => {
  loaded("@upstash/ratelimit");
  return {};
});

const warn = vi.spyOn(log, "warn").mockReturnValue();

beforeEach(() => {
  // The clock alone: what the library forgets by a timer has to be forgotten without it too.
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-05-04T18:00:30Z") });
});
afterEach(() => {
  vi.useRealTimers();
  warn.mockClear();
});

function later(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

it("counts a caller's requests, and starts anew a minute after the first", async () => {
  const counters = new Counters({});
  const first = await counters.countRequest("ann", 2);
  expect(first).toEqual({
    allowed: true,
    allowance: { limit: 2, remaining: 1, resetSeconds: 60 },
  });
  later(20.5);
  expect((await counters.countRequest("ann", 2)).allowance).toMatchObject({ remaining: 0 });
  for (const _ of [1, 2, 3]) {
    expect(await counters.countRequest("ann", 2)).toEqual({
      allowed: false,
      allowance: { limit: 2, remaining: 0, resetSeconds: 40 },
    });
  }
  expect((await counters.countRequest("ben", 2)).allowed).toBe(true);
  later(39.49);
  expect(await counters.countRequest("ann", 2)).toMatchObject({
    allowed: false,
    allowance: { resetSeconds: 1 },
  });
  later(0.01);
  expect(await counters.countRequest("ann", 2)).toEqual(first);
});

it("charges tokens beyond what is left, and gives new ones at midnight UTC", async () => {
  const counters = new Counters({});
  const whole = { limit: 100, remaining: 100, resetSeconds: 6 * 3_600 - 30 };
  expect(await counters.checkTokens("ann", 100)).toEqual({ allowed: true, allowance: whole });
  expect(await counters.checkTokens("ann", 100)).toEqual({ allowed: true, allowance: whole });
  await counters.chargeTokens("ann", 100, 98.5);
  expect(await counters.checkTokens("ann", 100)).toEqual({
    allowed: true,
    allowance: { ...whole, remaining: 1 },
  });
  later(3_600);
  await counters.chargeTokens("ann", 100, 5_000);
  const spent = { ...whole, remaining: 0, resetSeconds: 5 * 3_600 - 30 };
  expect(await counters.checkTokens("ann", 100)).toEqual({ allowed: false, allowance: spent });
  expect((await counters.checkTokens("ben", 100)).allowed).toBe(true);
  later(5 * 3_600 - 30);
  expect(await counters.checkTokens("ann", 100)).toMatchObject({
    allowed: true,
    allowance: { remaining: 100, resetSeconds: 86_400 },
  });
});

it("charges nothing for no tokens, or for a number that is none", async () => {
  const counters = new Counters({});
  for (const tokens of [0, -5, Number.NaN, Number.POSITIVE_INFINITY]) {
    await counters.chargeTokens("ann", 100, tokens);
  }
  expect((await counters.checkTokens("ann", 100)).allowance.remaining).toBe(100);
});

it("remembers ten thousand callers a minute; those beyond share a count", async () => {
  const counters = new Counters({});
  for (let index = 0; index < 10_000; index += 1) await counters.countRequest(`ip ${index}`, 2);
  expect((await counters.countRequest("ann", 2)).allowed).toBe(true);
  expect((await counters.countRequest("ben", 2)).allowed).toBe(true);
  expect((await counters.countRequest("cem", 2)).allowed).toBe(false);
  expect((await counters.countRequest("ip 0", 2)).allowed).toBe(true);
  expect((await counters.countRequest("ip 0", 2)).allowed).toBe(false);
  later(60);
  expect((await counters.countRequest("ann", 2)).allowance.remaining).toBe(1);
  expect((await counters.countRequest("ben", 2)).allowance.remaining).toBe(1);
});

it("says once, at the first use, that it counts in this process only", async () => {
  const counters = new Counters({});
  expect(warn).not.toHaveBeenCalled();
  await counters.checkTokens("ann", 100);
  await counters.countRequest("ann", 2);
  await counters.chargeTokens("ann", 100, 5);
  expect(warn.mock.calls).toEqual([[expect.stringContaining("in this process only")]]);
});

it("reports that there is no store, and loads nothing for one", async () => {
  const counters = new Counters({});
  expect(await counters.storeHealth()).toBe("none");
  await counters.countRequest("ann", 2);
  expect(loaded).not.toHaveBeenCalled();
});
