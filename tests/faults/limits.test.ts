/** Limits and clocks, each with an error of its own, in every dialect. */
import { afterAll, describe, expect, it, vi } from "vitest";
import { startDemoEngine } from "../../gateway/demo/server.ts";
import { settleLater } from "../helpers/later.ts";
import { APP_JSON, APP_STREAM, DIALECTS, DOCUMENTS, STREAMS } from "./dialects.ts";
import { answerOf, commonOutcome, type Answer } from "./outcome.ts";
import { openRelay, type Relay } from "./relay.ts";
import { faultTable } from "./report.ts";

const engine = await startDemoEngine({
  controls: { parallel: 20, tokensPerSecond: Infinity, loadMs: 0, readMs: 0, tokens: 5 },
});
const addRow = faultTable("Limits and clocks", ["app stream", "app JSON", "streams", "other JSON"]);
afterAll(() => engine.close());

async function outcomes(what: string, answers: readonly Answer[]): Promise<readonly string[]> {
  const groups = [[APP_STREAM], [APP_JSON], STREAMS, DOCUMENTS];
  const told = groups.map((group) =>
    commonOutcome(answers.filter(({ dialect }) => group.includes(dialect))),
  );
  addRow([what, ...told]);
  return told;
}

function askAll(relay: Relay): Promise<Answer[]> {
  return Promise.all(DIALECTS.map((dialect) => answerOf(relay, dialect)));
}

/** Takes the one place at the model, until it is let go. */
async function occupy(relay: Relay): Promise<() => Promise<void>> {
  const before = engine.requests.length;
  engine.controls.fault = { kind: "stall", afterTokens: 1 };
  const response = await relay.ask(APP_STREAM);
  await vi.waitFor(() => {
    const chat = engine.requests.slice(before).find(({ path }) => path === "/api/chat");
    expect(chat?.firstByteAt).toBeDefined();
  });
  engine.controls.fault = { kind: "none" };
  return async () => response.body?.cancel();
}

describe("the queue before the model", () => {
  it("refuses at once whom it has no place for", async () => {
    const relay = await openRelay(engine.url, { MAX_ACTIVE: "1", MAX_WAITING: "0" });
    const release = await occupy(relay);
    const answers = await askAll(relay);
    const told = await outcomes("queue full", answers);
    expect(told).toEqual([
      "in-band queue_full",
      "503 queue_full",
      "503 queue_full",
      "503 queue_full",
    ]);
    const retry = answers
      .filter(({ status }) => status === 503)
      .map(({ headers }) => headers.get("retry-after"));
    expect(new Set(retry)).toEqual(new Set(["15"]));
    await release();
  });

  it("lets nobody wait for longer than they may, and serves who comes after", async () => {
    const settings = { MAX_ACTIVE: "1", MAX_WAITING: "20", MAX_WAIT_SECONDS: "1" };
    const relay = await openRelay(engine.url, settings);
    const release = await occupy(relay);
    const told = await outcomes("queue time-out", await askAll(relay));
    expect(told).toEqual([
      "in-band queue_timeout",
      "503 queue_timeout",
      "503 queue_timeout",
      "503 queue_timeout",
    ]);
    await release();
    expect(commonOutcome(await askAll(relay))).toBe("complete");
  });
});

describe("the clock of the whole", () => {
  it("ends an answer that never would", async () => {
    const settings = { MAX_ACTIVE: "20", TOTAL_SECONDS: "1" };
    const relay = await openRelay(engine.url, settings);
    Object.assign(engine.controls, { tokensPerSecond: 20, tokens: 5_000 });
    const told = await outcomes("total time-out", await askAll(relay));
    Object.assign(engine.controls, { tokensPerSecond: Infinity, tokens: 5 });
    expect(told).toEqual([
      "in-band total_timeout",
      "504 total_timeout",
      "in-band total_timeout",
      "504 total_timeout",
    ]);
    const open = () => engine.requests.filter(({ closedAt }) => closedAt === undefined);
    await vi.waitFor(() => expect(open()).toEqual([]));
  });
});

describe("a caller's own limits", () => {
  it("of requests is told before anything is asked, with what is left", async () => {
    const relay = await openRelay(engine.url, { REQUESTS_PER_MINUTE: "1" });
    expect((await answerOf(relay, APP_JSON)).outcome).toBe("complete");
    const asked = engine.requests.length;
    const answers = await askAll(relay);
    expect(engine.requests.length).toBe(asked);
    const told = await outcomes("requests a minute", answers);
    expect(new Set(told)).toEqual(new Set(["429 rate_limited"]));
    for (const { headers } of answers) {
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
      expect(headers.get("ratelimit-remaining")).toBe("0");
    }
  });

  it("of tokens is told before anything is asked", async () => {
    const relay = await openRelay(engine.url, { TOKENS_PER_DAY: "1" });
    expect((await answerOf(relay, APP_JSON)).outcome).toBe("complete");
    // The first is charged when it is over.
    await settleLater();
    const asked = engine.requests.length;
    const answers = await askAll(relay);
    expect(engine.requests.length).toBe(asked);
    expect(new Set(await outcomes("tokens a day", answers))).toEqual(
      new Set(["429 token_budget_spent"]),
    );
  });
});
