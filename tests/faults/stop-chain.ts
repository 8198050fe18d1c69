import { randomUUID } from "node:crypto";
import { expect, vi } from "vitest";
import type { DemoControls } from "../../gateway/demo/controls.ts";
import type { DemoRequest } from "../../gateway/demo/requests.ts";
import { startDemoEngine, type DemoEngine } from "../../gateway/demo/server.ts";
import { APP_JSON, type Dialect } from "./dialects.ts";
import { openGate, type Gate } from "./gate.ts";
import { answerOf } from "./outcome.ts";
import { openRelay, type Relay } from "./relay.ts";

export const CALM = {
  tokensPerSecond: Infinity,
  loadMs: 0,
  readMs: 0,
  tokens: 10,
  fault: { kind: "none" },
} satisfies Partial<DemoControls>;

/** Asks of another model: a load that was given up goes on, as Ollama's does. */
export const NEXT: Dialect = {
  ...APP_JSON,
  name: "the next caller",
  body: { ...APP_JSON.body, model: "latchkey-demo-tools" },
};

/** A caller under way, who can leave in either way. */
export interface Caller {
  readonly id: string;
  readonly answered: Promise<Response>;
  leave(way: "signal" | "close"): Promise<void>;
}

/** An engine with one slot, and a relay with one place at the model and one in the queue. */
export interface Chain extends AsyncDisposable {
  readonly engine: DemoEngine;
  readonly gate: Gate;
  readonly relay: Relay;
  begin(dialect: Dialect): Caller;
  /** What the engine was asked to answer, in order. */
  chats(): readonly DemoRequest[];
  /** It is told as a stop, and nobody was told that the answer is complete. */
  expectStopped(
    caller: Caller,
    dialect: Dialect,
    way: "signal" | "close",
    wasAsked?: boolean,
  ): Promise<void>;
  /** The next caller gets the one place and the one slot. */
  expectFree(): Promise<void>;
}

export async function openChain(): Promise<Chain> {
  const stack = new AsyncDisposableStack();
  const engine = await startDemoEngine({ controls: CALM });
  stack.defer(() => engine.close());
  const gate = stack.use(await openGate(engine.port));
  const relay = await openRelay(gate.url, { MAX_ACTIVE: "1", MAX_WAITING: "1" });
  return {
    engine,
    gate,
    relay,
    begin(dialect) {
      const id = randomUUID();
      const caller = new AbortController();
      const answered = relay.ask(dialect, { signal: caller.signal, id });
      const leave = async (way: "signal" | "close"): Promise<void> => {
        if (way === "signal") caller.abort();
        else await (await answered).body?.cancel();
      };
      return { id, answered, leave };
    },
    chats: () => engine.requests.filter(({ method }) => method === "POST"),
    async expectStopped({ id, answered }, dialect, way, wasAsked = true) {
      await soon(() => expect(relay.findRequest(id).state).toBe("stopped"));
      const { releasedMs } = relay.findRequest(id);
      // What never came to the model has nothing to release.
      if (wasAsked) expect(releasedMs).toBeLessThan(1_000);
      else expect(releasedMs).toBeUndefined();
      const response = await answered;
      expect(response.headers.get("x-request-id")).toBe(id);
      if (way === "close" || response.status === 499) return;
      const text = await response.text();
      expect([response.status, dialect.readEnding?.(text)]).toEqual([200, "broken"]);
    },
    async expectFree() {
      Object.assign(engine.controls, CALM);
      expect((await answerOf(relay, NEXT)).outcome).toBe("complete");
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Waits until it does not throw. */
export function soon<Value>(condition: () => Value): Promise<Value> {
  return vi.waitFor(condition, { interval: 5, timeout: 5_000 });
}
