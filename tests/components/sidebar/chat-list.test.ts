import { describe, expect, it } from "vitest";
import { ChatList } from "../../../components/sidebar/chat-list.ts";
import { MemoryStore, summary } from "./chats.ts";

/** A list whose idle moment comes when `idle` is called. */
function follow(store: MemoryStore) {
  let waiting: (() => void) | undefined;
  const list = new ChatList(store, (task) => {
    waiting = task;
    return () => (waiting = undefined);
  });
  const stop = list.start();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const idle = async () => {
    waiting?.();
    await settle();
  };
  const ids = () => list.read().chats?.map(({ id }) => id);
  return { list, stop, settle, idle, ids };
}

const three = () => [
  summary("a", { updatedAt: 3 }),
  summary("b", { updatedAt: 2 }),
  summary("c", { updatedAt: 1 }),
];

describe("the list of chats", () => {
  it("follows other tabs, and keeps the object of every chat that is the same", async () => {
    const store = new MemoryStore(three());
    const { list, settle, idle } = follow(store);
    expect(list.read().chats).toBeUndefined();
    await settle();
    const before = list.read().chats;
    store.put(summary("b", { title: "Another", updatedAt: 2 }));
    store.put(summary("b", { title: "Yet another", updatedAt: 2 }));
    await idle();
    const after = list.read().chats;
    expect(store.lists).toBe(2);
    expect(after?.[1]?.title).toBe("Yet another");
    expect([after?.[0], after?.[2]].every((chat, index) => chat === before?.[index * 2])).toBe(
      true,
    );
    store.tell();
    await idle();
    expect(list.read().chats).toBe(after);
  });

  it("shows a change made here at once, whatever is being read", async () => {
    const store = new MemoryStore(three());
    const { list, settle, idle, ids } = follow(store);
    await settle();
    store.put(summary("d", { updatedAt: 4 }));
    const reading = idle();
    const undo = list.delete(summary("b", { updatedAt: 2 }));
    expect(ids()).toEqual(["a", "c"]);
    const seen = new Set<boolean>();
    list.subscribe(() => seen.add(ids()?.includes("b") === true));
    await reading;
    await settle();
    expect(ids()).toEqual(["d", "a", "c"]);
    expect([...seen]).toEqual([false]);
    const undone = undo();
    expect(ids()).toContain("b");
    await undone;
    await settle();
    expect(ids()).toEqual(["d", "a", "b", "c"]);
    expect(store.chats.get("b")?.title).toBe("Title of b");
  });

  it("renames and pins at once, and in the store", async () => {
    const store = new MemoryStore(three());
    const { list, settle } = follow(store);
    await settle();
    const written = [list.rename("a", "New"), list.pin("c", true)];
    const shown = () =>
      list.read().chats?.map(({ title, pinned }) => `${title}${pinned ? "!" : ""}`);
    expect(shown()).toEqual(["New", "Title of b", "Title of c!"]);
    await Promise.all(written);
    await settle();
    expect(shown()).toEqual(["New", "Title of b", "Title of c!"]);
    expect(store.chats.get("a")?.title).toBe("New");
  });

  it("does not show the old again while a change is still being written", async () => {
    const store = new MemoryStore(three());
    const { list, settle, idle } = follow(store);
    await settle();
    const written = Promise.withResolvers<void>();
    store.rename = () => written.promise;
    const renamed = list.rename("a", "New");
    store.tell();
    await idle();
    expect(list.read().chats?.[0]?.title).toBe("New");
    // What the store says then is what holds.
    written.resolve();
    await renamed;
    await settle();
    expect(list.read().chats?.[0]?.title).toBe("Title of a");
  });

  it("tells of trouble at once, and of nothing any more when it is stopped", async () => {
    const store = new MemoryStore([]);
    const { list, stop, settle } = follow(store);
    await settle();
    store.trouble = "full";
    store.tell();
    expect(list.read().trouble).toBe("full");
    stop();
    store.trouble = undefined;
    store.tell();
    expect(list.read().trouble).toBe("full");
  });
});
