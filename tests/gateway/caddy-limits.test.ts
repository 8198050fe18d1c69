import { describe, expect, it } from "vitest";
import { limitsNote } from "../../gateway/render/caddy.ts";
import { atLeastMegabytes } from "../../gateway/render/caddy-lock.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";

describe("limitsNote", () => {
  const without = new Set(["http.handlers.headers"]);
  const withPlugin = new Set([...without, "http.handlers.rate_limit"]);

  it("says that the app's limit is the only one, and how to get the plugin", () => {
    const note = limitsNote(parseSpec({}), without);
    expect(note).toContain("the app's own limit is the only one");
    expect(note).toContain("github.com/mholt/caddy-ratelimit");
  });

  it.each([
    ["the plugin is there", {}, withPlugin],
    ["no limit is asked for", { limits: { badKeysPerMinute: 0 } }, without],
    ["nginx counts by itself", { server: "nginx" }, without],
  ])("says nothing where %s", (_, spec, modules) => {
    expect(limitsNote(parseSpec(spec), modules)).toBeUndefined();
  });
});

describe("atLeastMegabytes", () => {
  it("takes each number from the limit on and none below, for every limit one may set", () => {
    const wrong: string[] = [];
    for (let megabytes = 1; megabytes <= 1024; megabytes += 1) {
      const limit = megabytes * 1_000_000;
      const pattern = new RegExp(atLeastMegabytes(megabytes));
      const ten = 10 ** String(limit).length;
      const above = [limit, limit + 1, limit * 2, limit * 9, ten - 1, ten, ten * 7, 2 ** 53 - 1];
      const below = [0, 1, 999_999, limit - 1, Math.floor(limit / 2), Math.floor(limit / 10)];
      for (const number of above)
        if (!pattern.test(String(number))) wrong.push(`${limit}: ${number}`);
      for (const number of below.filter((one) => one < limit))
        if (pattern.test(String(number))) wrong.push(`${limit}: ${number}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(["", "x", "-1", "1e9", " 33000000"])("does not take %j for a number", (text) => {
    expect(new RegExp(atLeastMegabytes(32)).test(text)).toBe(false);
  });

  it("takes a number with zeros before it", () => {
    expect(new RegExp(atLeastMegabytes(32)).test("0032000000")).toBe(true);
    expect(new RegExp(atLeastMegabytes(32)).test("0000031999999")).toBe(false);
  });
});
