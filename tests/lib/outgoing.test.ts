import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Outgoing } from "../../lib/outgoing.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A stream and what has come out of it so far, piece by piece. */
function open() {
  const cancelled = vi.fn<() => void>();
  const outgoing = new Outgoing({ onCancel: cancelled, heartbeat: () => ": beat\n\n" });
  const reader = outgoing.stream.getReader();
  const pieces: string[] = [];
  const read = async (): Promise<void> => {
    for (let each = await reader.read(); !each.done; each = await reader.read()) {
      pieces.push(Buffer.from(each.value).toString());
    }
  };
  const done = read();
  /** Lets time pass, and what became ready in it come out. */
  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
  return { outgoing, pieces, pass, done, cancelled, reader };
}

describe("a stream towards a caller", () => {
  it("breaks a silence with a heartbeat, and only a silence", async () => {
    const { outgoing, pieces, pass } = open();
    outgoing.write("hello");
    await pass(14_000);
    expect(pieces).toEqual(["hello"]);
    await pass(31_000);
    expect(pieces).toEqual(["hello", ": beat\n\n", ": beat\n\n"]);
    outgoing.write("more");
    await pass(15_000);
    expect(pieces.slice(3)).toEqual(["more"]);
    outgoing.end("bye");
    await pass(60_000);
    expect(pieces.slice(3)).toEqual(["more", "bye"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("has its last words read before its connection is broken", async () => {
    const { outgoing, pieces, pass, done } = open();
    const broken = done.catch((thrown: unknown) => thrown);
    outgoing.write("hello");
    outgoing.breakOff("last words");
    await pass(99);
    expect(pieces).toEqual(["hello", "last words"]);
    await pass(1);
    expect(await broken).toMatchObject({ name: "AbortError" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("writes nothing more when its reader has left, and tells who listens", async () => {
    const { outgoing, pieces, pass, cancelled, reader } = open();
    await reader.cancel();
    expect(cancelled).toHaveBeenCalledOnce();
    outgoing.write("later");
    await pass(60_000);
    expect(pieces).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
