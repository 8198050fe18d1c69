import { setTimeout as sleep } from "node:timers/promises";
import type { DemoControls, ModelControls } from "./controls.ts";
import type { Exchange } from "./exchange.ts";
import type { Memory } from "./memory.ts";
import type { DemoModel } from "./models.ts";
import { Refusal } from "./refusal.ts";
import type { Slots } from "./slots.ts";

/** What all requests share. */
export interface Engine {
  readonly controls: DemoControls;
  readonly slots: Slots;
  readonly memory: Memory;
  /** Whether a foreign Host is refused. */
  readonly checksHost: boolean;
}

/** Ollama's OLLAMA_KEEP_ALIVE. */
const DEFAULT_KEEP_ALIVE_MS = 300_000;
const SLOW_HEADERS_MS = 3000;

/** A request's place on the machine: the slot, and its model in memory. */
export interface Place extends Disposable {
  /** Milliseconds that loading took, after the wait for the slot. */
  readonly loadMs: number;
}

interface Wanted {
  readonly controls: ModelControls;
  /** Tokens. */
  readonly contextLength: number;
  /** Undefined: as long as Ollama keeps a model by itself. */
  readonly keepAliveMs: number | undefined;
}

/**
 * Waits for the slot and loads the model, the faults before the first byte included.
 * @throws {Refusal} 503 or 500 by those faults; the signal's reason when the client leaves
 */
export async function occupy(
  engine: Engine,
  exchange: Exchange,
  model: DemoModel,
  wanted: Wanted,
): Promise<Place> {
  const { fault, loadMs } = wanted.controls;
  const { signal } = exchange;
  if (fault.kind === "busy") {
    throw new Refusal(503, "server busy, please try again.  maximum pending requests exceeded");
  }
  using held = new DisposableStack();
  held.use(await engine.slots.take(signal));
  exchange.served();
  if (fault.kind === "fail") {
    throw new Refusal(500, "llama runner process has terminated: exit status 2");
  }
  if (fault.kind === "slow-headers") {
    await sleep(fault.forMs ?? SLOW_HEADERS_MS, undefined, { signal });
  }
  const begunAt = performance.now();
  const keepAliveMs = wanted.keepAliveMs ?? DEFAULT_KEEP_ALIVE_MS;
  const { contextLength } = wanted;
  held.use(await engine.memory.use(model, { contextLength, loadMs, keepAliveMs }, signal));
  const kept = held.move();
  return { loadMs: performance.now() - begunAt, [Symbol.dispose]: () => kept.dispose() };
}
