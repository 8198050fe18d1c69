import { afterEach, beforeEach, expect, it, vi } from "vitest";

const WINDOW_MS = 100;
/** 400 a second. */
const BUSY_PIECES = 40;

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  vi.advanceTimersByTime(WINDOW_MS);
});
afterEach(() => vi.useRealTimers());

/** A process that has not counted anything yet. */
async function freshCount(): Promise<(pieces: number) => boolean> {
  return (await import("../../lib/gather.ts")).countPieces;
}

it("takes a process for busy as soon as one window holds as many pieces as a busy one", async () => {
  const count = await freshCount();
  for (let piece = 1; piece < BUSY_PIECES; piece += 1) expect(count(1)).toBe(false);
  expect(count(1)).toBe(true);
});

it("goes by the window before as well, and is quiet again after a quiet one", async () => {
  const count = await freshCount();
  count(BUSY_PIECES);
  vi.advanceTimersByTime(WINDOW_MS);
  expect(count(1)).toBe(true);
  vi.advanceTimersByTime(WINDOW_MS);
  expect(count(1)).toBe(false);
});
