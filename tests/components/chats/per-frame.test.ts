import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PerFrame } from "../../../components/chats/per-frame.ts";

const FRAME_MS = 16;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => setTimeout(frame, FRAME_MS));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("what is published by frames", () => {
  it("is the newest value, once a frame", () => {
    const shown: number[] = [];
    const perFrame = new PerFrame((value: number) => shown.push(value));
    for (const value of [1, 2, 3]) perFrame.push(value);
    expect(shown).toEqual([]);
    vi.advanceTimersByTime(FRAME_MS + 1);
    expect(shown).toEqual([3]);
    perFrame.push(4);
    vi.advanceTimersByTime(FRAME_MS + 3);
    expect(shown).toEqual([3, 4]);
  });

  it("comes less often where showing it takes long, and nothing of it is lost", () => {
    const shown: number[] = [];
    const cost = 40;
    const perFrame = new PerFrame((value: number) => {
      shown.push(value);
      // As if drawing it took so long.
      vi.setSystemTime(Date.now() + cost);
      vi.spyOn(performance, "now").mockReturnValueOnce(performance.now() + cost);
    });
    perFrame.push(1);
    vi.advanceTimersByTime(FRAME_MS + 2);
    perFrame.push(2);
    vi.advanceTimersByTime(FRAME_MS + 2);
    // One dear frame tells nothing; two do.
    expect(shown).toEqual([1, 2]);
    perFrame.push(3);
    vi.advanceTimersByTime(cost);
    expect(shown).toEqual([1, 2]);
    vi.advanceTimersByTime(2 * cost + 2 * FRAME_MS);
    expect(shown).toEqual([1, 2, 3]);
  });

  it("is published at once by flush", () => {
    const shown: number[] = [];
    const perFrame = new PerFrame((value: number) => shown.push(value));
    perFrame.push(1);
    perFrame.flush();
    expect(shown).toEqual([1]);
  });
});
