import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultControls, readingTime } from "../../../gateway/demo/controls.ts";
import type { DemoEngine } from "../../../gateway/demo/server.ts";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import { chat } from "./asks.ts";
import { drain, open, send } from "./send.ts";

let engine: DemoEngine;

beforeEach(async () => {
  engine = await startDemoEngine({ controls: { tokensPerSecond: Infinity, loadMs: 0, readMs: 0 } });
});

afterEach(() => engine.close());

const STALL = { kind: "stall" } as const;
const NONE = { kind: "none" } as const;

async function loadedModels(): Promise<unknown> {
  return JSON.parse((await send(engine.url, { path: "/api/ps" })).text);
}

function figure(text: string, name: string): number {
  return Number(new RegExp(`"${name}":(\\d+)`, "u").exec(text)?.[1] ?? 0);
}

/** A request whose answer never ends by itself. */
async function holdSlot() {
  engine.controls.fault = STALL;
  const response = await open(engine.url, chat());
  engine.controls.fault = NONE;
  return response;
}

/** Sends a request and waits only until the engine has it. */
async function queue(rest: Readonly<Record<string, unknown>> = {}, signal?: AbortSignal) {
  const arrived = engine.next("arrived");
  const answer = send(engine.url, { ...chat(rest), ...(signal === undefined ? {} : { signal }) });
  return { entry: await arrived, answer };
}

describe("the one slot", () => {
  it("passes to the next within milliseconds of a client's leaving", async () => {
    const first = await holdSlot();
    const [holder] = engine.requests;
    const second = await queue();
    expect(second.entry.servedAt).toBeUndefined();
    first.destroy();
    expect(await second.answer).toMatchObject({ status: 200, complete: true });
    const waited = (second.entry.firstByteAt ?? Infinity) - (holder?.closedAt ?? 0);
    expect(waited).toBeGreaterThanOrEqual(0);
    // About a millisecond when the machine is idle; the rest is room for a busy one.
    expect(waited).toBeLessThan(250);
    expect(holder?.aborted).toBe(true);
  });

  it("is given in the order of arrival, and a client that gave up waiting is left out", async () => {
    const first = await holdSlot();
    const second = await queue({ keep_alive: "2s" });
    const leaver = new AbortController();
    const third = await queue({ keep_alive: "3s" }, leaver.signal);
    const fourth = await queue({ keep_alive: "4s" });
    const gone = engine.nextClosed();
    leaver.abort();
    await expect(third.answer).rejects.toThrow("aborted");
    expect(await gone).toBe(third.entry);
    first.destroy();
    await Promise.all([second.answer, fourth.answer]);
    expect(third.entry.servedAt).toBeUndefined();
    expect(fourth.entry.servedAt).toBeGreaterThan(second.entry.servedAt ?? Infinity);
  });

  it("becomes several when there are several", async () => {
    engine.controls.parallel = 2;
    const first = await holdSlot();
    const second = await send(engine.url, chat());
    expect(second.complete).toBe(true);
    expect(engine.requests[0]?.closedAt).toBeUndefined();
    first.destroy();
  });

  it("is free again after each kind of end", async () => {
    for (const kind of ["cut-mid-line", "error-line", "end-without-done", "fail"] as const) {
      engine.controls.fault = { kind };
      await send(engine.url, chat());
    }
    engine.controls.fault = NONE;
    expect(await send(engine.url, chat())).toMatchObject({ status: 200, complete: true });
  });

  it.each([
    ["loading", { loadMs: 60_000 }],
    ["reading", { readMs: 60_000 }],
    ["about to answer", { fault: { kind: "slow-headers", forMs: 60_000 } }],
  ] as const)("is freed by a client that leaves while the engine is %s", async (_when, change) => {
    const usual = { ...engine.controls };
    Object.assign(engine.controls, change);
    const leaver = new AbortController();
    const served = engine.next("served");
    const closed = engine.nextClosed();
    const first = send(engine.url, { ...chat(), signal: leaver.signal });
    await served;
    leaver.abort();
    await expect(first).rejects.toThrow("aborted");
    expect(await closed).toMatchObject({ aborted: true, tokens: 0 });
    Object.assign(engine.controls, usual);
    const other = chat({ model: "latchkey-demo-tools" });
    expect(await send(engine.url, other)).toMatchObject({ status: 200 });
  });
});

describe("memory", () => {
  it("holds a model after its first request, which pays for the load", async () => {
    engine.controls.loadMs = 40;
    expect(await loadedModels()).toEqual({ models: [] });
    const cold = await send(engine.url, chat());
    expect(await loadedModels()).toMatchObject({ models: [{ name: "latchkey-demo:latest" }] });
    const warm = await send(engine.url, chat());
    expect(figure(cold.text, "load_duration")).toBeGreaterThanOrEqual(39e6);
    expect(figure(warm.text, "load_duration")).toBeLessThan(20e6);
  });

  it("is empty until the load is over, and a load goes on without its client", async () => {
    engine.controls.loadMs = 50;
    const leaver = new AbortController();
    const served = engine.next("served");
    const first = send(engine.url, { ...chat(), signal: leaver.signal });
    await served;
    expect(await loadedModels()).toEqual({ models: [] });
    leaver.abort();
    await expect(first).rejects.toThrow("aborted");
    await expect.poll(loadedModels).toMatchObject({ models: [{ name: "latchkey-demo:latest" }] });
  });

  it("keeps a model as long as keep_alive says", async () => {
    await send(engine.url, chat({ keep_alive: "1h" }));
    const { models } = Object(await loadedModels());
    const minutes = (Date.parse(models[0].expires_at) - Date.now()) / 60_000;
    expect(minutes).toBeCloseTo(60, 0);
    await send(engine.url, chat({ keep_alive: 0 }));
    expect(await loadedModels()).toEqual({ models: [] });
    await send(engine.url, chat({ keep_alive: "30ms" }));
    await expect.poll(loadedModels).toEqual({ models: [] });
    await send(engine.url, chat({ keep_alive: -1 }));
    expect(await loadedModels()).toMatchObject({ models: [{ name: "latchkey-demo:latest" }] });
  });

  it("loads and unloads at a request without words", async () => {
    await send(engine.url, chat({ messages: [], keep_alive: "1h" }));
    expect(await loadedModels()).toMatchObject({ models: [{ context_length: 8192 }] });
    await send(engine.url, chat({ messages: [], keep_alive: 0 }));
    expect(await loadedModels()).toEqual({ models: [] });
  });

  it("loads anew for another context length", async () => {
    engine.controls.loadMs = 40;
    await send(engine.url, chat());
    const other = await send(engine.url, chat({ options: { num_ctx: 2048 } }));
    expect(figure(other.text, "load_duration")).toBeGreaterThanOrEqual(39e6);
    expect(await loadedModels()).toMatchObject({ models: [{ context_length: 2048 }] });
  });
});

describe("time", () => {
  it("goes by between tokens at the rate that was set", async () => {
    Object.assign(engine.controls, { tokensPerSecond: 200, tokens: 40 });
    const { text } = await send(engine.url, chat());
    expect(figure(text, "eval_count")).toBe(40);
    const ms = figure(text, "eval_duration") / 1e6;
    expect(ms).toBeGreaterThanOrEqual(190);
    expect(ms).toBeLessThan(1000);
  });

  it("lets the first token out when it is there", async () => {
    Object.assign(engine.controls, { tokensPerSecond: 100, tokens: 100 });
    const response = await open(engine.url, chat());
    const [entry] = engine.requests;
    expect(entry?.tokens).toBeLessThan(50);
    await drain(response);
    expect(entry?.tokens).toBe(100);
  });

  it("goes by while a prompt is read, the more the longer it is", () => {
    const controls = defaultControls();
    const [short, long] = [readingTime(controls, 10), readingTime(controls, 1000)];
    expect(long - short).toBeGreaterThan(1000);
    expect(readingTime({ ...controls, readMs: 7 }, 1000)).toBe(7);
  });

  it("goes by in silence before the first token when that is wanted", async () => {
    engine.controls.delayBeforeFirstTokenMs = 50;
    await send(engine.url, chat());
    const { servedAt = 0, firstByteAt = 0 } = engine.requests[0] ?? {};
    expect(firstByteAt - servedAt).toBeGreaterThanOrEqual(49);
  });
});
