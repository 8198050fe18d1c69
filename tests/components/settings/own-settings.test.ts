import { describe, expect, it } from "vitest";
import {
  hasOwnSettings,
  settingsFor,
  thinkChoices,
  withOption,
  withoutOwn,
  withSetting,
} from "../../../components/settings/own-settings.ts";

const model = (name: string, capabilities: readonly string[], contextLength?: number) => ({
  name,
  loaded: false,
  capabilities,
  ...(contextLength === undefined ? {} : { contextLength }),
});
const THINKER = model("qwen3:8b", ["completion", "thinking"], 40_960);
const EFFORTS = model("gpt-oss:20b", ["completion", "thinking"], 131_072);
const PLAIN = model("llava:latest", ["completion"]);
const OLD = model("old:latest", []);

describe("a chat's settings", () => {
  it.each([
    [{}, false],
    [{ model: "a:latest" }, false],
    [{ options: {} }, false],
    [{ options: { seed: 0 } }, true],
    [{ system: "Be brief." }, true],
    [{ think: false }, true],
    [{ context: "trim" as const }, true],
  ])("%j are its own: %s", (settings, own) => {
    expect(hasOwnSettings(settings)).toBe(own);
  });

  it("change one at a time and leave nothing behind", () => {
    const before = { model: "a:latest", options: { seed: 1 } };
    expect(withOption(before, "top_k", 5).options).toEqual({ seed: 1, top_k: 5 });
    expect(withOption(before, "seed", undefined)).toEqual({ model: "a:latest" });
    const told = withSetting(before, "system", "Be brief.");
    expect(told).toEqual({ ...before, system: "Be brief." });
    expect(withSetting(told, "system", undefined)).toEqual(before);
    expect(before).toEqual({ model: "a:latest", options: { seed: 1 } });
  });

  it("are all taken out but the model", () => {
    expect(withoutOwn({ model: "a:latest", think: true, options: { seed: 1 } })).toEqual({
      model: "a:latest",
    });
    expect(withoutOwn({ system: "Be brief." })).toEqual({});
  });
});

describe("thinking is asked for in the model's own terms", () => {
  it.each([
    [THINKER, true, true],
    [THINKER, false, false],
    [THINKER, "high" as const, true],
    [EFFORTS, "high" as const, "high"],
    [EFFORTS, true, undefined],
    [EFFORTS, false, undefined],
    [PLAIN, true, undefined],
    [OLD, true, undefined],
    [undefined, "low" as const, "low"],
  ])("%j asked for %j gets %j", (asked, think, sent) => {
    expect(settingsFor({ think }, asked)).toEqual(sent === undefined ? {} : { think: sent });
  });

  it("and offered in them", () => {
    expect(thinkChoices(THINKER)).toEqual([false, true]);
    expect(thinkChoices(EFFORTS)).toEqual(["low", "medium", "high", "max"]);
  });
});

it.each([
  [THINKER, 40_960],
  [EFFORTS, 100_000],
  [PLAIN, 100_000],
  [undefined, 100_000],
])("%j is given no longer context than it has", (asked, tokens) => {
  const settings = { system: "Be brief.", options: { num_ctx: 100_000, top_k: 5 } };
  expect(settingsFor(settings, asked)).toEqual({
    system: "Be brief.",
    options: { num_ctx: tokens, top_k: 5 },
  });
});
