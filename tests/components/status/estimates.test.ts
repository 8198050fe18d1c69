import { describe, expect, it } from "vitest";
import {
  decodeRates,
  encodeRates,
  estimateLoading,
  estimateReading,
  learn,
  remainingOf,
  type Experience,
  type Rates,
} from "../../../components/status/estimates.ts";

const nothing: Rates = new Map();

/** Four gigabytes in ten seconds, and a hundred tokens a second. */
const slow: Experience = {
  model: "slow",
  sawLoading: true,
  modelBytes: 4e9,
  loadMs: 10_000,
  promptTokens: 500,
  promptTokensPerSecond: 100,
};

const asked = { model: "slow", modelBytes: 8e9, promptTokensEstimate: 300 };

describe("an estimate", () => {
  it("is not made without an earlier figure of the same model", () => {
    const rates = learn(nothing, slow);
    expect(estimateLoading(asked, nothing)).toBeUndefined();
    expect(estimateReading(asked, nothing)).toBeUndefined();
    expect(estimateLoading({ ...asked, model: "other" }, rates)).toBeUndefined();
    expect(estimateReading({ model: "slow" }, rates)).toBeUndefined();
  });

  it("of loading is by the model's size, with the reading that follows", () => {
    const rates = learn(nothing, slow);
    expect(estimateReading(asked, rates)).toBeCloseTo(3000);
    expect(estimateLoading(asked, rates)).toBeCloseTo(20_000 + 3000);
    expect(estimateLoading({ model: "slow", modelBytes: 8e9 }, rates)).toBeCloseTo(20_000);
  });

  it("leans to the newest figure, and one from a cache hardly moves it", () => {
    const first = learn(nothing, slow);
    const slower = learn(first, { ...slow, loadMs: 20_000 });
    const between = estimateLoading(asked, slower) ?? 0;
    expect(between).toBeGreaterThan(23_000);
    expect(between).toBeLessThan(43_000);
    const cached = learn(first, { ...slow, promptTokensPerSecond: 100_000 });
    expect(estimateReading(asked, cached)).toBeGreaterThan(1500);
  });

  it("does not take the look at a model in memory for a load, nor a few tokens for a speed", () => {
    const rates = learn(nothing, { ...slow, sawLoading: false, loadMs: 20, promptTokens: 8 });
    expect(rates).toBe(nothing);
  });

  it.each([0, -1, Number.NaN, Infinity, undefined])("learns nothing from %s", (value) => {
    const experience = { ...slow, loadMs: value, promptTokensPerSecond: value };
    expect(learn(nothing, experience)).toBe(nothing);
  });
});

describe("what is left of an estimate", () => {
  it.each([
    [12_000, 0, { kind: "left", ms: 12_000 }],
    [12_000, 11_000, { kind: "left", ms: 1000 }],
    [12_000, 12_000, { kind: "over" }],
    [12_000, 99_000, { kind: "over" }],
    [300, 1000, undefined],
    [300, 2000, { kind: "over" }],
  ])("of %d ms after %d ms", (total, elapsed, told) => {
    expect(remainingOf(total, elapsed)).toEqual(told);
  });
});

describe("the kept rates", () => {
  it("come back as they were", () => {
    const rates = learn(learn(nothing, slow), { ...slow, model: "7", loadMs: 1 });
    expect(decodeRates(encodeRates(rates))).toEqual(rates);
  });

  it("are of the fifty models that were used last", () => {
    let rates = nothing;
    for (let number = 0; number < 50; number += 1) {
      rates = learn(rates, { ...slow, model: `m${number}` });
    }
    rates = learn(rates, { ...slow, model: "m0" });
    rates = learn(rates, { ...slow, model: "new" });
    expect(rates.size).toBe(50);
    expect([rates.has("m0"), rates.has("m1"), rates.has("new")]).toEqual([true, false, true]);
    const tooMany = [...rates, ...rates].map(([, value], index) => [`k${index}`, value]);
    expect(decodeRates(JSON.stringify(tooMany)).size).toBe(50);
  });

  it.each([null, "", "{", "{}", "3", '[1,[2,{}],["x",null],[null,{}]]'])(
    "that are unreadable (%j) are thrown away",
    (text) => {
      expect(decodeRates(text)).toEqual(nothing);
    },
  );

  it("lose a figure that is none", () => {
    const text = '[["x",{"loadBytesPerSecond":-5,"promptTokensPerSecond":"9"}]]';
    expect(estimateLoading({ model: "x", modelBytes: 1 }, decodeRates(text))).toBeUndefined();
  });
});
