import { describe, expect, it } from "vitest";
import {
  blockingMs,
  framesPerSecond,
  inpMs,
  longestGapMs,
  longTaskMs,
} from "../../../bench/ui/figures.ts";

const TASKS = [
  { start: 100, duration: 80 },
  { start: 900, duration: 60 },
  { start: 1000, duration: 51 },
];

describe("long tasks", () => {
  it("count whole from a moment on", () => {
    expect(longTaskMs(TASKS, 900)).toBe(111);
    expect(longTaskMs(TASKS, 1001)).toBe(0);
  });

  it("block by what they take beyond 50 ms", () => {
    expect(blockingMs(TASKS)).toBe(41);
  });
});

describe("INP", () => {
  const durations = { "7": 40, "14": 120, "21": 24 };

  it("is the slowest of fewer than fifty interactions", () => {
    expect(inpMs(durations, 49)).toBe(120);
  });

  it("leaves out one of every fifty", () => {
    expect(inpMs(durations, 50)).toBe(40);
    expect(inpMs(durations, 100)).toBe(24);
  });

  it("is 16 where the browser told of none that slow", () => {
    expect(inpMs({}, 100)).toBe(16);
    expect(inpMs(durations, 150)).toBe(16);
  });
});

describe("frames", () => {
  const frames = [0, 90, 100, 116, 132, 182, 200, 260];

  it("are counted between two moments only", () => {
    expect(framesPerSecond(frames, 100, 200)).toBe(40);
  });

  it("tell the longest time between two of them", () => {
    expect(longestGapMs(frames, 100, 200)).toBe(50);
  });
});
