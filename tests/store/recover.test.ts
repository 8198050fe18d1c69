import { afterEach, describe, expect, it, vi } from "vitest";
import { holdAnswer, livingAnswers, settle } from "../../lib/store/recover.ts";
import { messageOf } from "./messages.ts";

afterEach(() => vi.unstubAllGlobals());

describe("what was being written", () => {
  it.each([
    ["waiting", "interrupted"],
    ["streaming", "interrupted"],
    ["done", "done"],
    ["stopped", "stopped"],
    ["failed", "failed"],
  ] as const)("and is kept as %s is %s when nobody writes it", (state, settled) => {
    const message = messageOf("a", "Half an answ", { role: "assistant", state });
    expect(settle([message], new Set(["b"]))).toEqual([{ ...message, state: settled }]);
  });

  it("goes on where a tab lives that writes it", () => {
    const message = messageOf("a", "", { state: "streaming" });
    expect(settle([message], new Set(["a"]))).toEqual([message]);
  });
});

describe("a living answer", () => {
  it("is known by its lock until it is let go", async () => {
    const letGo = holdAnswer("locked");
    await vi.waitFor(async () => {
      const { held = [] } = await navigator.locks.query();
      expect(held.map(({ name }) => name)).toContain("latchkey-answer-locked");
    });
    expect(await livingAnswers()).toContain("locked");
    letGo();
    await vi.waitFor(async () => expect(await livingAnswers()).not.toContain("locked"));
  });

  it("is known in its own tab where there are no locks", async () => {
    vi.stubGlobal("navigator", {});
    const letGo = holdAnswer("own");
    expect(await livingAnswers()).toEqual(new Set(["own"]));
    letGo();
    expect(await livingAnswers()).toEqual(new Set());
  });

  it("is known in its own tab where locks are refused", async () => {
    const refuse = async (): Promise<never> => {
      throw new DOMException("", "SecurityError");
    };
    vi.stubGlobal("navigator", { locks: { request: refuse, query: refuse } });
    const letGo = holdAnswer("refused");
    expect(await livingAnswers()).toEqual(new Set(["refused"]));
    letGo();
  });
});
