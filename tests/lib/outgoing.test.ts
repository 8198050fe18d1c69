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

/** As many tokens in all as make this process busy. */
async function makeBusy({ outgoing, pass }: ReturnType<typeof open>): Promise<void> {
  for (let index = 0; index < 40; index += 1) {
    for (let token = 0; token < 10; token += 1) outgoing.writeTokens("x");
    await pass(5);
  }
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

  it("writes each token at once as long as little is going on", async () => {
    const { outgoing, pieces, pass } = open();
    for (const token of ["a", "b", "c"]) {
      outgoing.writeTokens(token);
      await pass(0);
    }
    expect(pieces).toEqual(["a", "b", "c"]);
    outgoing.end();
  });

  it("gathers tokens while much is going on, no longer than 16 ms, and loses none", async () => {
    const busy = open();
    await makeBusy(busy);
    const quiet = open();
    quiet.outgoing.writeTokens("first");
    await quiet.pass(0);
    expect(quiet.pieces).toEqual(["first"]);
    quiet.outgoing.writeTokens("a");
    quiet.outgoing.writeTokens("b");
    await quiet.pass(0);
    expect(quiet.pieces).toEqual(["first"]);
    await quiet.pass(16);
    expect(quiet.pieces).toEqual(["first", "ab"]);
    quiet.outgoing.writeTokens("c");
    quiet.outgoing.end("end");
    await quiet.done;
    expect(quiet.pieces.join("")).toBe("firstabcend");
    busy.outgoing.end();
    await busy.done;
    expect(busy.pieces.join("")).toBe("x".repeat(400));
  });

  it("puts what must go out at once behind what was held back, not before it", async () => {
    const busy = open();
    await makeBusy(busy);
    busy.pieces.splice(0);
    busy.outgoing.writeTokens("token ");
    busy.outgoing.write("status ");
    await busy.pass(0);
    expect(busy.pieces.join("")).toMatch(/token status $/);
    busy.outgoing.end();
  });

  it("drops what was held back when its reader leaves, and tells who listens", async () => {
    const busy = open();
    await makeBusy(busy);
    busy.outgoing.writeTokens("late");
    await busy.reader.cancel();
    expect(busy.cancelled).toHaveBeenCalledOnce();
    busy.outgoing.write("later");
    await busy.pass(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
