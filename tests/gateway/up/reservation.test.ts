import { describe, expect, it } from "vitest";
import { reservePort } from "../../../gateway/up/reservation.ts";

/** No port at all is listened on: the number is only a name here. */
const PORT = 65_000 + (process.pid % 500);
const canReserve = process.platform === "linux" || process.platform === "win32";

describe.skipIf(!canReserve)("the reservation of a port", () => {
  it("is one process's at a time, and tells which", async () => {
    const first = new AbortController();
    expect(await reservePort(PORT, first.signal)).toBeUndefined();
    expect(await reservePort(PORT, new AbortController().signal)).toEqual({
      name: "another Latchkey",
      pid: process.pid,
    });
    first.abort();
    const second = new AbortController();
    expect(await reservePort(PORT, second.signal)).toBeUndefined();
    second.abort();
  });
});
