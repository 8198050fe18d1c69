import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

let Tap: (typeof import("../../lib/tap.ts"))["Tap"];

beforeEach(async () => {
  // How busy this process is begins anew with each clock.
  vi.resetModules();
  ({ Tap } = await import("../../lib/tap.ts"));
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** An answer that a test fills, and what was taken of it, piece by piece. */
function open() {
  const answer = new IncomingMessage(new Socket());
  const tap = new Tap(answer);
  const taken: string[] = [];
  tap.open(
    (bytes) => taken.push(bytes.toString()),
    () => undefined,
  );
  const come = (text: string) => answer.push(Buffer.from(text));
  /** Lets time pass, and what became ready in it come out. */
  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
  return { answer, tap, taken, come, pass };
}

/** As many pieces in all as make this process busy. */
async function makeBusy({ come, pass }: ReturnType<typeof open>): Promise<void> {
  for (let index = 0; index < 400; index += 1) {
    come("x");
    await pass(1);
  }
}

describe("the tap of an answer", () => {
  it("takes each piece at once as long as little is going on", async () => {
    const { taken, come, pass } = open();
    for (const piece of ["a", "b", "c"]) {
      come(piece);
      await pass(0);
    }
    expect(taken).toEqual(["a", "b", "c"]);
  });

  it("takes the HTTP chunks of one network read together", async () => {
    const { taken, come, pass } = open();
    come("first");
    await pass(0);
    come("a");
    come("b");
    await pass(0);
    expect(taken).toEqual(["first", "ab"]);
  });

  it("gathers while much is going on, no longer than 16 ms, never the first, and loses none", async () => {
    const busy = open();
    await makeBusy(busy);
    // One timer serves all who hold something; here it has just run out.
    await busy.pass(16);
    const other = open();
    other.come("first");
    await other.pass(0);
    expect(other.taken).toEqual(["first"]);
    other.come("a");
    await other.pass(5);
    other.come("b");
    await other.pass(5);
    expect(other.taken).toEqual(["first"]);
    await other.pass(6);
    expect(other.taken).toEqual(["first", "ab"]);
    other.come("c");
    other.tap.flush();
    expect(other.taken.join("")).toBe("firstabc");
    await busy.pass(16);
    expect(busy.taken.join("")).toBe("x".repeat(400));
    expect(busy.taken.length).toBeLessThan(400);
  });

  describe("of a stream that brings many pieces at a time", () => {
    /** Busy, and its last gathering was one of many pieces. */
    async function openDense() {
      const dense = open();
      await makeBusy(dense);
      await dense.pass(20);
      for (const piece of "abcdefgh") dense.come(piece);
      await dense.pass(20);
      dense.taken.length = 0;
      return dense;
    }

    it("rests from reading for 16 ms, and takes all that came meanwhile in order", async () => {
      const { answer, taken, come, pass } = await openDense();
      come("1");
      await pass(0);
      expect(answer.isPaused()).toBe(true);
      come("2");
      await pass(5);
      come("3");
      expect(taken).toEqual([]);
      await pass(12);
      expect(answer.isPaused()).toBe(false);
      expect(taken).toEqual(["123"]);
    });

    it("reads on at once where one read brought much", async () => {
      const { answer, taken, come, pass } = await openDense();
      come("x".repeat(40_000));
      come("y");
      await pass(0);
      expect(answer.isPaused()).toBe(false);
      await pass(20);
      expect(taken.map(({ length }) => length)).toEqual([40_000, 1]);
    });

    it("stays held beyond its rest, until it is released", async () => {
      const { tap, answer, taken, come, pass } = await openDense();
      come("1");
      await pass(0);
      tap.hold();
      come("2");
      await pass(100);
      expect(answer.isPaused()).toBe(true);
      tap.release();
      await pass(20);
      expect(taken.join("")).toBe("12");
    });

    it("is not woken by a release in the middle of its rest", async () => {
      const { tap, answer, come, pass } = await openDense();
      come("1");
      await pass(0);
      tap.hold();
      tap.release();
      expect(answer.isPaused()).toBe(true);
      await pass(20);
      expect(answer.isPaused()).toBe(false);
    });
  });

  it("takes nothing while it is held, and goes on when it is released", async () => {
    const { tap, taken, come, pass } = open();
    come("first");
    await pass(0);
    tap.hold();
    expect(tap.isHeld).toBe(true);
    come("later");
    await pass(1_000);
    expect(taken).toEqual(["first"]);
    tap.release();
    await pass(20);
    expect(taken.join("")).toBe("firstlater");
  });

  it("takes no more once it is closed", async () => {
    const { tap, taken, come, pass } = open();
    tap.close();
    come("late");
    await pass(1_000);
    expect(taken).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
