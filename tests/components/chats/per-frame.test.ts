import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PerFrame } from "../../../components/chats/per-frame.ts";

const FRAME_MS = 16;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => setTimeout(frame, FRAME_MS));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Lets so much time pass, and what was posted to itself arrive. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1) {
    await vi.advanceTimersByTimeAsync(1);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** What was shown, each of which takes so long. */
function watch(costMs = 0): { readonly shown: number[]; readonly perFrame: PerFrame<number> } {
  const shown: number[] = [];
  const perFrame = new PerFrame((value: number) => {
    shown.push(value);
    vi.advanceTimersByTime(costMs);
  });
  return { shown, perFrame };
}

describe("what is published by frames", () => {
  it("is the first value at once, then the newest one every other frame", async () => {
    const { shown, perFrame } = watch();
    for (const value of [1, 2, 3]) perFrame.push(value);
    expect(shown).toEqual([1]);
    await pass(FRAME_MS + 2);
    expect(shown).toEqual([1]);
    await pass(FRAME_MS);
    expect(shown).toEqual([1, 3]);
    perFrame.push(4);
    await pass(3 * FRAME_MS);
    expect(shown).toEqual([1, 3, 4]);
    await pass(3 * FRAME_MS);
    perFrame.push(5);
    expect(shown).toEqual([1, 3, 4, 5]);
  });

  it("comes less often where showing it takes long, and nothing of it is lost", async () => {
    const { shown, perFrame } = watch(40);
    perFrame.push(1);
    perFrame.push(2);
    await pass(FRAME_MS + 4);
    // One dear value tells nothing; two do.
    expect(shown).toEqual([1, 2]);
    perFrame.push(3);
    await pass(FRAME_MS + 60);
    expect(shown).toEqual([1, 2]);
    await pass(60);
    expect(shown).toEqual([1, 2, 3]);
  });

  it("goes on where the browser draws no frames, since the page is hidden", async () => {
    vi.stubGlobal("requestAnimationFrame", () => 0);
    const { shown, perFrame } = watch();
    perFrame.push(1);
    perFrame.push(2);
    await pass(300);
    expect(shown).toEqual([1, 2]);
  });

  it("is published at once by flush", () => {
    const { shown, perFrame } = watch();
    perFrame.push(1);
    perFrame.push(2);
    perFrame.flush();
    expect(shown).toEqual([1, 2]);
  });
});
