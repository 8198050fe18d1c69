import { describe, expect, it } from "vitest";
import { moveIn } from "../../../components/models/move-in.ts";
import { formatTokens, timeLeft } from "../../../components/models/time-left.ts";
import { nextExpiry } from "../../../components/models/use-clock.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 29);

describe("the time a model stays in memory", () => {
  it.each([
    [-1, "about to unload"],
    [0, "about to unload"],
    [MINUTE - 1, "unloads in less than a minute"],
    [4.4 * MINUTE, "unloads in 4 min"],
    [99 * MINUTE, "unloads in 99 min"],
    [120 * MINUTE, "unloads in 2 h"],
    [300 * 365 * 24 * 60 * MINUTE, "stays loaded"],
  ])("with %d ms left is %s", (left, text) => {
    expect(timeLeft(NOW + left, NOW)).toBe(text);
  });

  it("ends first for the first of the loaded ones", () => {
    const model = { name: "a", capabilities: [] };
    const models = [
      { ...model, loaded: false, expiresAt: NOW + 1 },
      { ...model, loaded: true },
      { ...model, loaded: true, expiresAt: NOW + 3 },
      { ...model, loaded: true, expiresAt: NOW + 2 },
    ];
    expect(nextExpiry(models, NOW)).toBe(NOW + 2);
    expect(nextExpiry(models, NOW + 2)).toBe(NOW + 3);
    expect(nextExpiry(models, NOW + 3)).toBeUndefined();
  });
});

it.each([
  [40_960, "40K"],
  [131_072, "128K"],
  [1_048_576, "1,024K"],
  [1_500, "1,500"],
])("%d tokens are %s", (tokens, text) => {
  expect(formatTokens(tokens)).toBe(text);
});

describe("a key in the list", () => {
  it.each([
    ["ArrowDown", 0, 1],
    ["ArrowDown", 9, 0],
    ["ArrowUp", 0, 9],
    ["Home", 5, 0],
    ["End", 5, 9],
    ["PageDown", 7, 9],
    ["PageUp", 7, 2],
    ["a", 7, undefined],
    ["constructor", 7, undefined],
  ])("%s leads from %d to %s", (key, from, to) => {
    expect(moveIn(10, from, key)).toBe(to);
  });

  it("leads nowhere where nothing is", () => {
    expect(moveIn(0, -1, "ArrowDown")).toBeUndefined();
  });
});
