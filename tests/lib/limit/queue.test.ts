import { getEventListeners } from "node:events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Queue, type Lease, type QueuePosition } from "../../../lib/limit/queue.ts";
import { log } from "../../../lib/log.ts";

const SETTINGS = { active: 1, waiting: 20, waitMs: 120_000, leaseMs: 300_000 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Enters, and notes under `name` what it is told and when it is served. */
class Visits {
  readonly queue: Queue;
  readonly served: string[] = [];
  readonly positions = new Map<string, QueuePosition>();
  readonly leases = new Map<string, Lease>();

  constructor(settings: Partial<typeof SETTINGS> = {}) {
    this.queue = new Queue({ ...SETTINGS, ...settings });
  }

  async enter(name: string, signal = new AbortController().signal): Promise<void> {
    const [caller = ""] = name.split(":");
    const onPosition = (position: QueuePosition): void => void this.positions.set(name, position);
    const lease = await this.queue.enter(caller, { signal, onPosition });
    this.served.push(name);
    this.leases.set(name, lease);
    this.positions.delete(name);
  }

  async release(name: string): Promise<void> {
    this.leases.get(name)?.release();
    await settle();
  }

  /** Serves everybody who waits, one after the other. */
  async serveAll(): Promise<readonly string[]> {
    let last: string | undefined;
    while (last !== this.served.at(-1)) {
      last = this.served.at(-1);
      await this.release(last ?? "");
    }
    return this.served;
  }
}

/** What was thrown, so that it can be looked at later. */
async function failureOf(work: Promise<void>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Lets what is decided already arrive. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

it("gives a place at once while there is one, and says nothing of positions", async () => {
  const visits = new Visits({ active: 2 });
  await visits.enter("ann:1");
  await visits.enter("ann:2");
  const waiting = visits.enter("ann:3");
  expect(visits.positions.get("ann:3")).toEqual({ position: 1, of: 1 });
  expect(visits.positions.has("ann:2")).toBe(false);
  await visits.release("ann:1");
  await waiting;
  expect(visits.served).toEqual(["ann:1", "ann:2", "ann:3"]);
});

it("lets nobody who queued many hold up another's first", async () => {
  const visits = new Visits();
  for (const name of ["ann:1", "ann:2", "ann:3", "ann:4"]) void visits.enter(name);
  await settle();
  for (const name of ["ben:1", "cem:1", "ben:2"]) void visits.enter(name);
  expect([...visits.positions]).toEqual([
    ["ann:2", { position: 3, of: 6 }],
    ["ann:3", { position: 5, of: 6 }],
    ["ann:4", { position: 6, of: 6 }],
    ["ben:1", { position: 1, of: 6 }],
    ["cem:1", { position: 2, of: 6 }],
    ["ben:2", { position: 4, of: 6 }],
  ]);
  expect(await visits.serveAll()).toEqual([
    "ann:1",
    "ben:1",
    "cem:1",
    "ann:2",
    "ben:2",
    "ann:3",
    "ann:4",
  ]);
});

it("does not let one who comes back again and again pass one who waits", async () => {
  const visits = new Visits();
  for (const name of ["ann:1", "ben:1", "ben:2"]) void visits.enter(name);
  await settle();
  await visits.release("ann:1");
  void visits.enter("ann:2");
  await visits.release("ben:1");
  await visits.release("ann:2");
  void visits.enter("ann:3");
  expect(await visits.serveAll()).toEqual(["ann:1", "ben:1", "ann:2", "ben:2", "ann:3"]);
});

it("does not let newcomers hold up one whose turn has come", async () => {
  const visits = new Visits();
  for (const name of ["ann:1", "ann:2", "ben:1"]) void visits.enter(name);
  await settle();
  await visits.release("ann:1");
  void visits.enter("cem:1");
  await visits.release("ben:1");
  void visits.enter("dan:1");
  expect(await visits.serveAll()).toEqual(["ann:1", "ben:1", "ann:2", "cem:1", "dan:1"]);
});

it("tells each at once and whenever it changes, and only then", async () => {
  const queue = new Queue(SETTINGS);
  const { signal } = new AbortController();
  const first = await queue.enter("ann", { signal });
  const told: QueuePosition[] = [];
  void queue.enter("ben", { signal, onPosition: (position) => told.push(position) });
  expect(told).toEqual([{ position: 1, of: 1 }]);
  const leaving = new AbortController();
  const left = queue.enter("cem", { signal: leaving.signal });
  expect(told).toEqual([
    { position: 1, of: 1 },
    { position: 1, of: 2 },
  ]);
  leaving.abort(new Error("left"));
  await expect(left).rejects.toThrow("left");
  expect(told.slice(2)).toEqual([{ position: 1, of: 1 }]);
  first.release();
  await settle();
  expect(told).toHaveLength(3);
});

it("refuses at once when as many wait as may", async () => {
  const visits = new Visits({ waiting: 1 });
  await visits.enter("ann:1");
  void visits.enter("ben:1");
  await expect(visits.enter("cem:1")).rejects.toMatchObject({ code: "queue_full" });
  expect(visits.positions.get("ben:1")).toEqual({ position: 1, of: 1 });
  await visits.release("ann:1");
  void visits.enter("cem:1");
  expect(visits.positions.get("cem:1")).toEqual({ position: 1, of: 1 });
});

it("gives up after the time to wait, and frees the place in the line", async () => {
  const visits = new Visits({ waiting: 1, waitMs: 5_000 });
  await visits.enter("ann:1");
  const failure = failureOf(visits.enter("ben:1"));
  await vi.advanceTimersByTimeAsync(4_999);
  await expect(visits.enter("cem:1")).rejects.toMatchObject({ code: "queue_full" });
  await vi.advanceTimersByTimeAsync(1);
  expect(await failure).toMatchObject({ code: "queue_timeout" });
  void visits.enter("cem:1");
  expect(visits.positions.get("cem:1")).toEqual({ position: 1, of: 1 });
});

it("lets one who aborts out of the line, with the signal's own reason", async () => {
  const visits = new Visits();
  const leaving = new AbortController();
  await visits.enter("ann:1");
  const left = visits.enter("ben:1", leaving.signal);
  void visits.enter("ben:2");
  void visits.enter("cem:1");
  expect(visits.positions.get("cem:1")).toEqual({ position: 2, of: 3 });
  leaving.abort(new Error("the caller is gone"));
  await expect(left).rejects.toThrow("the caller is gone");
  // Ben's other request takes the turn of the one that left: he loses nothing by it.
  expect(visits.positions.get("ben:2")).toEqual({ position: 1, of: 2 });
  expect(visits.positions.get("cem:1")).toEqual({ position: 2, of: 2 });
  await expect(visits.enter("dan:1", leaving.signal)).rejects.toThrow("the caller is gone");
  expect(await visits.serveAll()).toEqual(["ann:1", "ben:2", "cem:1"]);
});

it("gives no place to one who left before", async () => {
  const visits = new Visits();
  const left = AbortSignal.abort(new Error("the caller is gone"));
  await expect(visits.enter("ann:1", left)).rejects.toThrow("the caller is gone");
  await visits.enter("ben:1");
  expect(visits.served).toEqual(["ben:1"]);
});

it("notices one who leaves while it is told its first position", async () => {
  const queue = new Queue(SETTINGS);
  const leaving = new AbortController();
  await queue.enter("ann", { signal: leaving.signal });
  const onPosition = (): void => leaving.abort(new Error("left"));
  await expect(queue.enter("ben", { signal: leaving.signal, onPosition })).rejects.toThrow("left");
  expect(vi.getTimerCount()).toBe(1);
});

it("frees one place for a lease that is released twice", async () => {
  const visits = new Visits();
  for (const name of ["ann:1", "ben:1", "cem:1"]) void visits.enter(name);
  await settle();
  await visits.release("ann:1");
  await visits.release("ann:1");
  expect(visits.served).toEqual(["ann:1", "ben:1"]);
  const lease = visits.leases.get("ben:1");
  lease?.[Symbol.dispose]();
  lease?.release();
  await settle();
  expect(visits.served).toEqual(["ann:1", "ben:1", "cem:1"]);
  void visits.enter("dan:1");
  expect(visits.positions.get("dan:1")).toEqual({ position: 1, of: 1 });
});

it("takes a place back when its time is over, says so, and then frees it only once", async () => {
  const warn = vi.spyOn(log, "warn").mockReturnValue();
  const visits = new Visits({ leaseMs: 5_000 });
  for (const name of ["ann:1", "ben:1", "cem:1"]) void visits.enter(name);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(visits.served).toEqual(["ann:1", "ben:1"]);
  expect(warn).toHaveBeenCalledTimes(1);
  await visits.release("ann:1");
  expect(visits.served).toEqual(["ann:1", "ben:1"]);
});

it("leaves no timer and no listener behind, however a wait ends", async () => {
  const visits = new Visits({ waitMs: 5_000 });
  const staying = new AbortController();
  const leaving = new AbortController();
  await visits.enter("ann:1", staying.signal);
  const served = visits.enter("ben:1", staying.signal);
  const aborted = failureOf(visits.enter("cem:1", leaving.signal));
  leaving.abort(new Error("left"));
  await visits.release("ann:1");
  await served;
  expect(await aborted).toMatchObject({ message: "left" });
  const late = failureOf(visits.enter("dan:1", staying.signal));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await late).toMatchObject({ code: "queue_timeout" });
  await visits.release("ben:1");
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(staying.signal, "abort")).toEqual([]);
  expect(getEventListeners(leaving.signal, "abort")).toEqual([]);
});

it("turns away one whose listener fails, and nobody else", async () => {
  const visits = new Visits();
  await visits.enter("ann:1");
  const { signal } = new AbortController();
  const onPosition = (): void => {
    throw new Error("The stream is closed");
  };
  const failing = visits.queue.enter("ben", { signal, onPosition });
  await expect(failing).rejects.toThrow("The stream is closed");
  void visits.enter("cem:1");
  expect(await visits.serveAll()).toEqual(["ann:1", "cem:1"]);
});

it("has one who fills the line give up the last place for somebody who has none", async () => {
  const visits = new Visits({ waiting: 3 });
  await visits.enter("greedy:0");
  const greedy = ["greedy:1", "greedy:2", "greedy:3"].map((name) => failureOf(visits.enter(name)));
  await settle();
  expect(await failureOf(visits.enter("greedy:4"))).toMatchObject({ code: "queue_full" });
  const owner = visits.enter("owner:1");
  expect(await greedy[2]).toMatchObject({ code: "queue_full" });
  await visits.serveAll();
  await owner;
  expect(visits.served).toEqual(["greedy:0", "owner:1", "greedy:1", "greedy:2"]);
});

it("is full for a newcomer where nobody has more than one place more", async () => {
  const visits = new Visits({ waiting: 2 });
  await visits.enter("ann:0");
  const waiting = ["ann:1", "ben:1"].map((name) => failureOf(visits.enter(name)));
  await settle();
  expect(await failureOf(visits.enter("carl:1"))).toMatchObject({ code: "queue_full" });
  await visits.serveAll();
  expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
});
