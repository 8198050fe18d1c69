import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UNDO_MS, UndoList } from "../../../components/sidebar/undo-list.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function make() {
  const undos = new UndoList();
  const undone: string[] = [];
  const add = (chatId: string) =>
    undos.add({ chatId, title: chatId, run: () => undone.push(chatId) });
  const ids = () => undos.read().map(({ chatId }) => chatId);
  return { undos, undone, add, ids };
}

describe("what can be taken back", () => {
  it("goes after its time, each by itself", () => {
    const { add, ids, undos, undone } = make();
    add("a");
    vi.advanceTimersByTime(UNDO_MS / 2);
    add("b");
    vi.advanceTimersByTime(UNDO_MS / 2 - 1);
    expect(ids()).toEqual(["a", "b"]);
    vi.advanceTimersByTime(1);
    expect(ids()).toEqual(["b"]);
    undos.undo("a");
    undos.undo("b");
    expect(ids()).toEqual([]);
    expect(undone).toEqual(["b"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits for as long as anything holds it, and then for what was left", () => {
    const { add, ids, undos } = make();
    add("a");
    vi.advanceTimersByTime(UNDO_MS - 1000);
    undos.hold("pointer", true);
    undos.hold("hidden", true);
    vi.advanceTimersByTime(10 * UNDO_MS);
    undos.hold("pointer", false);
    vi.advanceTimersByTime(10 * UNDO_MS);
    add("b");
    expect(ids()).toEqual(["a", "b"]);
    undos.hold("hidden", false);
    undos.hold("hidden", false);
    vi.advanceTimersByTime(999);
    expect(ids()).toEqual(["a", "b"]);
    vi.advanceTimersByTime(1);
    expect(ids()).toEqual(["b"]);
    vi.advanceTimersByTime(UNDO_MS - 1000);
    expect(ids()).toEqual([]);
  });

  it("is offered once for a chat that is deleted again", () => {
    const { add, ids } = make();
    add("a");
    vi.advanceTimersByTime(UNDO_MS - 1);
    add("a");
    vi.advanceTimersByTime(UNDO_MS - 1);
    expect(ids()).toEqual(["a"]);
  });
});
