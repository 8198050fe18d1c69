import { ROUTES } from "../../lib/contract.ts";
import type { ListedModel } from "./models.ts";
import { problemOfBody, problemOfFailedFetch, type Problem } from "../chats/problem.ts";

export type MemoryAction = "load" | "unload";

/** How asking for a model to be loaded or let go ended; a problem is as the page shows it. */
export type MemoryAnswer =
  | { readonly state: "done" | "forbidden" | "stopped" }
  | { readonly state: "failed"; readonly problem: Problem };

export type AskMemory = (
  action: MemoryAction,
  model: string,
  signal: AbortSignal,
) => Promise<MemoryAnswer>;

/** POST /api/models/load or /unload; answers when it is done, however long a load takes. Never rejects. */
export const askMemory: AskMemory = async (action, model, signal) => {
  try {
    const response = await fetch(`${ROUTES.models}/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model }),
      signal,
    });
    if (response.ok) return { state: "done" };
    const problem = problemOfBody(await response.text());
    return problem.code === "forbidden" ? { state: "forbidden" } : { state: "failed", problem };
  } catch {
    if (signal.aborted) return { state: "stopped" };
    return { state: "failed", problem: problemOfFailedFetch(navigator.onLine) };
  }
};

/** What is being done to a model, or why that failed. */
export type MemoryState =
  | { readonly state: "loading" | "unloading" }
  | { readonly state: "failed"; readonly action: MemoryAction; readonly problem: Problem };

/** What is to be told of a model: that it could not be loaded is over when a question has loaded it since. */
export function memoryOf(
  { name, loaded }: Pick<ListedModel, "name" | "loaded">,
  states: MemoryView["states"],
): MemoryState | undefined {
  const state = states.get(name);
  const over = state?.state === "failed" && loaded === (state.action === "load");
  return over ? undefined : state;
}

export interface MemoryView {
  /** Until the app refuses once, nobody knows. */
  readonly mayControl: boolean;
  /** By the model's name; most have none. */
  readonly states: ReadonlyMap<string, MemoryState>;
}

/** Loads models and lets go of them, and tells what goes on: a store for useSyncExternalStore. */
export class ModelMemory {
  readonly #ask: AskMemory;
  readonly #onDone: () => Promise<void>;
  readonly #listeners = new Set<() => void>();
  readonly #running = new Map<string, AbortController>();
  #view: MemoryView = { mayControl: true, states: new Map() };
  #warming: string | undefined;

  /** @param onDone asks for the list of models again; what goes on is shown until it has come */
  constructor(ask: AskMemory, onDone: () => Promise<void>) {
    this.#ask = ask;
    this.#onDone = onDone;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): MemoryView => this.#view;

  /** Asked for by name: stays even if another model is chosen. */
  readonly load = (model: string): Promise<void> => {
    if (this.#warming === model) this.#warming = undefined;
    return this.#run("load", model);
  };

  readonly unload = (model: string): Promise<void> => this.#run("unload", model);

  /**
   * Loads the model that was chosen, where the caller may: the first question need not wait for it.
   * Another choice stops it, so that the machine does not load what nobody asks any more.
   */
  readonly warm = async (model: string): Promise<void> => {
    if (this.#warming === model) return;
    this.stopWarming();
    if (!this.#view.mayControl || this.#running.has(model)) return;
    this.#warming = model;
    await this.#run("load", model);
    if (this.#warming === model) this.#warming = undefined;
  };

  /** Stops what a choice began, if it still goes on. */
  readonly stopWarming = (): void => {
    if (this.#warming === undefined) return;
    this.#running.get(this.#warming)?.abort();
    this.#warming = undefined;
  };

  async #run(action: MemoryAction, model: string): Promise<void> {
    if (this.#running.has(model)) return;
    const stop = new AbortController();
    this.#running.set(model, stop);
    this.#set(model, { state: action === "load" ? "loading" : "unloading" });
    const answer = await this.#ask(action, model, stop.signal);
    if (answer.state === "forbidden") this.#view = { ...this.#view, mayControl: false };
    if (answer.state === "done") await this.#onDone();
    this.#running.delete(model);
    this.#set(model, answer.state === "failed" ? { ...answer, action } : undefined);
  }

  #set(model: string, state: MemoryState | undefined): void {
    const states = new Map(this.#view.states);
    if (state === undefined) states.delete(model);
    else states.set(model, state);
    this.#view = { ...this.#view, states };
    for (const listener of this.#listeners) listener();
  }
}
