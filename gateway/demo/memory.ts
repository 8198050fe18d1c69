import { setTimeout as sleep } from "node:timers/promises";
import type { DemoModel } from "./models.ts";

/** A model in memory. */
interface Resident {
  readonly model: DemoModel;
  readonly contextLength: number;
  /** Requests that use it now: as long as there are any it stays. */
  users: number;
  keepAliveMs: number;
  /** `Date.now()` when it goes, if nobody uses it. */
  expiresAt: number;
}

interface Wanted {
  readonly contextLength: number;
  readonly loadMs: number;
  readonly keepAliveMs: number;
}

export interface Loaded {
  readonly model: DemoModel;
  readonly contextLength: number;
  readonly expiresAt: Date;
}

/** The last moment that a Date can hold: a model kept for ever. */
const LAST_DATE_MS = 8.64e15;

function expiry(keepAliveMs: number): number {
  return Math.min(Date.now() + keepAliveMs, LAST_DATE_MS);
}

/** Which models are in memory. Nothing runs in the background: what has expired is not seen. */
export class Memory {
  readonly #residents = new Map<string, Resident>();
  readonly #loads = new Map<string, Promise<void>>();

  loaded(): Loaded[] {
    const there = [...this.#residents.values()].filter((resident) => this.#isThere(resident));
    return there.map(({ model, contextLength, users, keepAliveMs, expiresAt }) => ({
      model,
      contextLength,
      expiresAt: new Date(users > 0 ? expiry(keepAliveMs) : expiresAt),
    }));
  }

  #isThere(resident: Resident): boolean {
    return resident.users > 0 || resident.expiresAt > Date.now();
  }

  /**
   * Sees that a model is in memory, and keeps it there until what comes back is disposed of.
   * A load goes on when the request that began it is given up, as Ollama's does; another context
   * length loads the model anew.
   */
  async use(model: DemoModel, wanted: Wanted, signal: AbortSignal): Promise<Disposable> {
    const there = this.#residents.get(model.name);
    const fits = there?.contextLength === wanted.contextLength && this.#isThere(there);
    if (!fits) await this.#load(model, wanted, signal);
    const resident = this.#residents.get(model.name) ?? this.#settle(model, wanted);
    resident.users += 1;
    resident.keepAliveMs = wanted.keepAliveMs;
    return {
      [Symbol.dispose]: () => {
        resident.users -= 1;
        resident.expiresAt = expiry(resident.keepAliveMs);
      },
    };
  }

  unload(model: DemoModel): void {
    this.#residents.delete(model.name);
  }

  async #load(model: DemoModel, wanted: Wanted, signal: AbortSignal): Promise<void> {
    let load = this.#loads.get(model.name);
    if (load === undefined) {
      this.#residents.delete(model.name);
      load = this.#read(model, wanted);
      this.#loads.set(model.name, load);
    }
    await Promise.race([load, aborted(signal)]);
  }

  async #read(model: DemoModel, wanted: Wanted): Promise<void> {
    await sleep(wanted.loadMs, undefined, { ref: false });
    this.#loads.delete(model.name);
    this.#settle(model, wanted);
  }

  #settle(model: DemoModel, wanted: Wanted): Resident {
    const { contextLength, keepAliveMs } = wanted;
    const resident: Resident = {
      model,
      contextLength,
      users: 0,
      keepAliveMs,
      expiresAt: expiry(keepAliveMs),
    };
    this.#residents.set(model.name, resident);
    return resident;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
