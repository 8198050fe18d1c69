import { describe, expect, it } from "vitest";
import { memoryOf, ModelMemory, type MemoryAnswer } from "../../../components/models/memory.ts";
import { appFailed } from "../../../components/chats/problem.ts";

interface Asked {
  readonly question: string;
  readonly signal: AbortSignal;
  readonly answer: (answer: MemoryAnswer) => void;
}

/** An app that answers when it is told to, as a load that takes long does. */
function setUp() {
  const asked: Asked[] = [];
  let reloads = 0;
  const memory = new ModelMemory(
    (action, model, signal) => {
      const { promise, resolve } = Promise.withResolvers<MemoryAnswer>();
      signal.addEventListener("abort", () => resolve({ state: "stopped" }));
      asked.push({ question: `${action} ${model}`, signal, answer: resolve });
      return promise;
    },
    () => {
      reloads += 1;
      return Promise.resolve();
    },
  );
  return {
    memory,
    asked,
    questions: () => asked.map(({ question }) => question),
    stateOf: (model: string) => memory.read().states.get(model)?.state,
    reloads: () => reloads,
  };
}

describe("a model's memory", () => {
  it("shows a load until it is done and the list has come again", async () => {
    const { memory, asked, stateOf, reloads } = setUp();
    const loading = memory.load("a");
    expect(stateOf("a")).toBe("loading");
    asked[0]?.answer({ state: "done" });
    await loading;
    expect(stateOf("a")).toBeUndefined();
    expect(reloads()).toBe(1);
  });

  it("tells its listeners of each change", async () => {
    const { memory, asked, stateOf } = setUp();
    const seen: (string | undefined)[] = [];
    const leave = memory.subscribe(() => seen.push(stateOf("a")));
    const unloading = memory.unload("a");
    asked[0]?.answer({ state: "done" });
    await unloading;
    leave();
    void memory.load("a");
    expect(seen).toEqual(["unloading", undefined]);
  });

  it("keeps a failure in the model's row until it is tried again", async () => {
    const { memory, asked, stateOf } = setUp();
    const loading = memory.load("a");
    asked[0]?.answer({ state: "failed", problem: appFailed() });
    await loading;
    expect(memory.read().states.get("a")).toMatchObject({ problem: appFailed() });
    void memory.load("a");
    expect(stateOf("a")).toBe("loading");
  });

  it("says no more of a load that failed when the model is there after all", async () => {
    const { memory, asked } = setUp();
    const loading = memory.load("a");
    asked[0]?.answer({ state: "failed", problem: appFailed() });
    await loading;
    const { states } = memory.read();
    expect(memoryOf({ name: "a", loaded: false }, states)?.state).toBe("failed");
    expect(memoryOf({ name: "a", loaded: true }, states)).toBeUndefined();
  });

  it("offers nothing any more once it was refused, and says nothing of it", async () => {
    const { memory, asked, stateOf, questions } = setUp();
    const warming = memory.warm("a");
    asked[0]?.answer({ state: "forbidden" });
    await warming;
    expect(memory.read().mayControl).toBe(false);
    expect(stateOf("a")).toBeUndefined();
    await memory.warm("b");
    expect(questions()).toEqual(["load a"]);
  });

  it("does not ask twice for the same", () => {
    const { memory, questions } = setUp();
    void memory.load("a");
    void memory.load("a");
    void memory.warm("a");
    void memory.unload("a");
    expect(questions()).toEqual(["load a"]);
  });

  it("stops loading a choice that was taken back", async () => {
    const { memory, asked, questions, stateOf } = setUp();
    const first = memory.warm("a");
    void memory.warm("b");
    await first;
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(asked[1]?.signal.aborted).toBe(false);
    expect(questions()).toEqual(["load a", "load b"]);
    expect([stateOf("a"), stateOf("b")]).toEqual([undefined, "loading"]);
  });

  it("goes on with what was asked for by its button", () => {
    const { memory, asked } = setUp();
    void memory.load("a");
    void memory.warm("b");
    expect(asked[0]?.signal.aborted).toBe(false);
  });

  it("goes on with a choice that its button was pressed for as well", () => {
    const { memory, asked } = setUp();
    void memory.warm("a");
    void memory.load("a");
    void memory.warm("b");
    expect(asked[0]?.signal.aborted).toBe(false);
  });
});
