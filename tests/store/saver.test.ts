import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Saver } from "../../lib/store/saver.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A place that takes 100 ms for a write, and what was written there. */
function slowPlace(): {
  readonly written: string[];
  readonly write: (value: string) => Promise<void>;
} {
  const written: string[] = [];
  let writing = false;
  const write = async (value: string): Promise<void> => {
    expect(writing).toBe(false);
    writing = true;
    await new Promise((resolve) => setTimeout(resolve, 100));
    writing = false;
    written.push(value);
  };
  return { written, write };
}

describe("a saver", () => {
  it("writes the first value at once, and then the newest at its pace", async () => {
    const { written, write } = slowPlace();
    const saver = new Saver(write, { everyMs: 300, page: new EventTarget() });
    for (let token = 0; token < 100; token += 1) {
      saver.save(String(token));
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(written).toEqual(["0", "29", "59", "89"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(written).toEqual(["0", "29", "59", "89", "99"]);
  });

  it("has nothing left to write after a flush, also one that found a write under way", async () => {
    const { written, write } = slowPlace();
    const saver = new Saver(write, { page: new EventTarget() });
    saver.save("a");
    saver.save("b");
    saver.save("c");
    const both = Promise.all([saver.flush(), saver.flush()]);
    await vi.advanceTimersByTimeAsync(200);
    await both;
    expect(written).toEqual(["a", "c"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(written).toEqual(["a", "c"]);
  });

  it("goes on at its pace where a write takes longer than that", async () => {
    const { written, write } = slowPlace();
    const saver = new Saver(write, { everyMs: 30, page: new EventTarget() });
    saver.save("a");
    await vi.advanceTimersByTimeAsync(50);
    saver.save("b");
    await vi.advanceTimersByTimeAsync(150);
    expect(written).toEqual(["a", "b"]);
  });

  it.each(["visibilitychange", "pagehide", "freeze"])("writes at once at %s", async (moment) => {
    const { written, write } = slowPlace();
    const page = new EventTarget();
    const saver = new Saver(write, { page });
    saver.save("a");
    await vi.advanceTimersByTimeAsync(150);
    saver.save("b");
    page.dispatchEvent(new Event(moment));
    await vi.advanceTimersByTimeAsync(100);
    expect(written).toEqual(["a", "b"]);
  });

  it("hears of the page no more once it is closed, and leaves nothing unwritten", async () => {
    const { written, write } = slowPlace();
    const page = new EventTarget();
    const saver = new Saver(write, { page });
    saver.save("a");
    saver.save("b");
    const closed = saver.close();
    await vi.advanceTimersByTimeAsync(200);
    await closed;
    expect(written).toEqual(["a", "b"]);
    expect(vi.getTimerCount()).toBe(0);
    const removed = vi.spyOn(saver, "flush");
    page.dispatchEvent(new Event("pagehide"));
    expect(removed).not.toHaveBeenCalled();
  });
});
