/** A caller who leaves, at each moment and in each dialect: what it held is free again, and it is told as a stop. */
import { describe, expect, it } from "vitest";
import type { DemoControls } from "../../gateway/demo/controls.ts";
import type { DemoRequest } from "../../gateway/demo/requests.ts";
import { APP_STREAM, DIALECTS, type Dialect } from "./dialects.ts";
import { answerOf } from "./outcome.ts";
import { faultTable } from "./report.ts";
import { CALM, NEXT, openChain, soon, type Chain } from "./stop-chain.ts";

const TIMEOUT_MS = 30_000;
const addRow = faultTable("Callers who leave", ["by their signal", "by closing the stream"]);

interface Moment {
  readonly name: string;
  readonly controls: Partial<DemoControls>;
  readonly isReached: (chat: DemoRequest) => boolean;
  /** Whether a streamed answer has begun by then, and so can be closed. */
  readonly hasBegun: boolean;
}

const waiting = {
  isReached: ({ servedAt }: DemoRequest) => servedAt !== undefined,
  hasBegun: false,
};
const speaking = { isReached: ({ tokens }: DemoRequest) => tokens > 1, hasBegun: true };

const MOMENTS: readonly Moment[] = [
  { name: "while the model loads", controls: { loadMs: 60_000 }, ...waiting },
  { name: "while the prompt is read", controls: { readMs: 60_000 }, ...waiting },
  {
    name: "before the headers",
    controls: { fault: { kind: "slow-headers", forMs: 60_000 } },
    ...waiting,
  },
  { name: "mid-stream", controls: { tokensPerSecond: 200, tokens: 100_000 }, ...speaking },
  { name: "in a stall", controls: { fault: { kind: "stall", afterTokens: 2 } }, ...speaking },
];

async function stop(
  chain: Chain,
  dialect: Dialect,
  moment: Moment,
  way: "signal" | "close",
): Promise<void> {
  const before = chain.chats().length;
  Object.assign(chain.engine.controls, CALM, moment.controls);
  const caller = chain.begin(dialect);
  const chat = await soon(() => {
    const found = chain.chats()[before];
    if (found === undefined || !moment.isReached(found)) throw new Error("not yet");
    return found;
  });
  await caller.leave(way);
  await soon(() => expect(chat.closedAt).toBeDefined());
  expect(chat.aborted).toBe(true);
  await chain.expectStopped(caller, dialect, way);
  await chain.expectFree();
}

describe.each(MOMENTS)("$name", (moment) => {
  it(
    "frees the engine and the place, and is told as stopped",
    { timeout: TIMEOUT_MS },
    async () => {
      await using chain = await openChain();
      const closable = DIALECTS.filter(
        (dialect) =>
          dialect === APP_STREAM || (moment.hasBegun && dialect.readEnding !== undefined),
      );
      for (const dialect of DIALECTS) await stop(chain, dialect, moment, "signal");
      for (const dialect of closable) await stop(chain, dialect, moment, "close");
      const stopped = (count: number) => `stopped, the next is served, in ${count} dialects`;
      expect(chain.chats().length).toBe(2 * (DIALECTS.length + closable.length));
      addRow([moment.name, stopped(DIALECTS.length), stopped(closable.length)]);
    },
  );
});

it("while connecting: the connection is closed, the place is free", async () => {
  await using chain = await openChain();
  const { gate } = chain;
  await chain.expectFree();
  for (const dialect of DIALECTS) {
    gate.held = true;
    const caller = chain.begin(dialect);
    await soon(() => expect(gate.heldCount()).toBeGreaterThan(0));
    await caller.leave("signal");
    await soon(() => expect(gate.heldCount()).toBe(0));
    gate.held = false;
    await chain.expectStopped(caller, dialect, "signal");
    await chain.expectFree();
  }
  addRow(["while connecting", `stopped, the next is served, in ${DIALECTS.length} dialects`]);
});

it("in the queue: the place in it is free at once, and the engine never hears of it", async () => {
  await using chain = await openChain();
  const { engine, relay } = chain;
  for (const dialect of DIALECTS) {
    engine.controls.fault = { kind: "stall", afterTokens: 1 };
    const first = chain.begin(APP_STREAM);
    await soon(() => expect(relay.findRequest(first.id).state).toBe("streaming"));
    const before = chain.chats().length;
    const queued = chain.begin(dialect);
    await soon(() => expect(relay.findRequest(queued.id).state).toBe("waiting"));
    expect((await answerOf(relay, NEXT)).outcome).toBe("503 queue_full");
    await queued.leave("signal");
    await chain.expectStopped(queued, dialect, "signal", false);
    Object.assign(engine.controls, CALM);
    const next = answerOf(relay, NEXT);
    await first.leave("close");
    expect((await next).outcome).toBe("complete");
    expect(chain.chats().length).toBe(before + 1);
  }
  addRow(["in the queue", `stopped, the next is served, in ${DIALECTS.length} dialects`]);
});
