import { describe, expect, it, vi } from "vitest";
import type { ChatStore } from "../../lib/store/store.ts";
import { chatOf, messageOf } from "./messages.ts";
import { countReads, fillDisk, openStore, withEmptyBrowser } from "./open-store.ts";

withEmptyBrowser();

async function idsOf(store: ChatStore, words: string, limit?: number): Promise<string> {
  return (await store.search(words, limit)).map(({ id }) => id).join(" ");
}

describe("the search", () => {
  it.each([
    ["BRÛLÉE", "fr"],
    ["brulee", "fr"],
    ["strasse", "de"],
    ["쇠를", "ko"],
    ["쇠르", ""],
    ["鍵", "ja"],
    ["ﾄﾞｱ", "ja"],
    ["トア", ""],
    ["ア 鍵", "ja"],
    ["crème lumière", "fr"],
    ["crème straße", ""],
    ["about brulee", "fr"],
    ["thought", ""],
    ["  ", ""],
  ])("of %j finds %j", async (words, found) => {
    const before = await openStore();
    await before.save(chatOf("fr"), [
      messageOf("1", "Une crème"),
      messageOf("2", "brûlée à la lumière"),
    ]);
    await before.save(chatOf("de"), [messageOf("1", "Die Straße")]);
    await before.save(chatOf("ko"), [messageOf("1", "열쇠를 잃어버렸어요")]);
    await before.save(chatOf("ja"), [messageOf("1", "ドアの鍵")]);
    await before.save(chatOf("en"), [
      messageOf("1", "", { parts: [{ id: "t", type: "thinking", text: "A thought" }] }),
    ]);
    expect(await idsOf(before, words)).toBe(found);
    expect(await idsOf(await openStore(), words)).toBe(found);
  });

  it("shows where the first find is, and nothing where only the title has it", async () => {
    const store = await openStore();
    await store.save(chatOf("text", { title: "One", updatedAt: 2 }), [
      messageOf("z", "The first door", { createdAt: 1 }),
      messageOf("a", "Another door", { createdAt: 2 }),
    ]);
    await store.save(chatOf("title", { title: "The Dóor", pinned: true }), [messageOf("1", "Key")]);
    expect(await store.search("door")).toEqual([
      {
        id: "text",
        title: "One",
        createdAt: 1,
        updatedAt: 2,
        pinned: false,
        excerpt: "The first door",
      },
      { id: "title", title: "The Dóor", createdAt: 1, updatedAt: 1, pinned: true },
    ]);
  });

  it("has the newest first, and no more than asked for", async () => {
    const store = await openStore();
    for (const time of [2, 3, 1]) {
      await store.save(chatOf(`c${time}`, { updatedAt: time }), [messageOf("1", "door")]);
    }
    expect(await idsOf(store, "door")).toBe("c3 c2 c1");
    expect(await idsOf(store, "door", 2)).toBe("c3 c2");
  });

  it("follows what is said, renamed, deleted and undone", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [messageOf("1", "door")]);
    expect(await idsOf(store, "door")).toBe("c");
    await store.save(chatOf("c"), [messageOf("1", "window")]);
    expect(await idsOf(store, "door")).toBe("");
    await store.rename("c", "A door");
    expect(await idsOf(store, "door window")).toBe("c");
    const undo = await store.delete("c");
    expect(await idsOf(store, "door")).toBe("");
    await undo();
    expect(await idsOf(store, "door window")).toBe("c");
  });

  it("is read in idle slices, and asks the database for no text when it is asked", async () => {
    const before = await openStore();
    const messages = Array.from({ length: 90 }, (_, index) => messageOf(`m${index}`, "door"));
    for (const id of ["a", "b", "c", "d", "e"]) await before.save(chatOf(id), messages);
    await before.save(chatOf("last"), [messageOf("1", "window")]);
    before.close();

    let slices = 0;
    const done = Promise.withResolvers<void>();
    const textsRead = countReads("messages");
    const after = await openStore({
      idle: async () => {
        slices += 1;
        if (slices === 5) setImmediate(done.resolve);
      },
    });
    await done.promise;
    await vi.waitFor(() => expect(textsRead()).toBe(5));
    expect(await idsOf(after, "window")).toBe("last");
    expect(textsRead()).toBe(5);
  });

  it("keeps what was said while the texts were read", async () => {
    const before = await openStore();
    await before.save(chatOf("c"), [messageOf("1", "door")]);
    before.close();
    const time = Promise.withResolvers<void>();
    const after = await openStore({ idle: () => time.promise });
    fillDisk("messages");
    await after.save(chatOf("c"), [messageOf("1", "window")]);
    time.resolve();
    expect(await idsOf(after, "window")).toBe("c");
    expect(await idsOf(after, "door")).toBe("");
  });
});
