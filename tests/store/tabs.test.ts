import { openDB } from "idb";
import { describe, expect, it, vi } from "vitest";
import { DATABASE_NAME } from "../../lib/store/database.ts";
import { chatOf, messageOf } from "./messages.ts";
import { hear, openStore, withEmptyBrowser } from "./open-store.ts";

withEmptyBrowser();

const QUESTION = messageOf("q", "Where is the key?");
const ANSWER = messageOf("a", "Under the mat.", { role: "assistant", parentId: "q", createdAt: 2 });

describe("two tabs", () => {
  it("hear of each other's chats once these can be read", async () => {
    const [one, other] = [await openStore(), await openStore()];
    const { heard, until } = hear(other);
    await one.save(chatOf("c"), [QUESTION]);
    await until(1);
    expect((await other.read("c"))?.messages).toEqual([QUESTION]);
    const undo = await one.delete("c");
    await until(2);
    expect(await other.list()).toEqual([]);
    await undo();
    await until(3);
    expect(await other.list()).toHaveLength(1);
    expect(heard).toEqual([
      { chatId: "c", kind: "saved", own: false },
      { chatId: "c", kind: "deleted", own: false },
      { chatId: "c", kind: "saved", own: false },
    ]);
  });

  it("keep each other's names and pins", async () => {
    const [one, other] = [await openStore(), await openStore()];
    await one.save(chatOf("c"), [QUESTION]);
    await other.rename("c", "Mine");
    await other.pin("c", true);
    await one.save(chatOf("c", { updatedAt: 2 }), [ANSWER]);
    expect((await other.list())[0]).toMatchObject({ title: "Mine", pinned: true, updatedAt: 2 });
  });

  it("keep them while an answer grows, and leave nothing of a chat that is deleted meanwhile", async () => {
    const [one, other] = [await openStore(), await openStore()];
    const chat = chatOf("c");
    const grow = (text: string): Promise<void> =>
      one.save(chat, [messageOf("a", text, { state: "streaming" })]);
    await grow("U");
    await grow("Un");
    await Promise.all([grow("Und"), other.pin("c", true), grow("Unde")]);
    await grow("Under");
    expect((await one.list())[0]?.pinned).toBe(true);

    const { until } = hear(one);
    await Promise.all([other.delete("c"), grow("Under t")]);
    await until(2);
    const database = await openDB(DATABASE_NAME);
    expect(await database.getAll("messages")).toEqual([]);
    database.close();
  });

  it("do not bring back what the other one deleted, until that one undoes it", async () => {
    const [one, other] = [await openStore(), await openStore()];
    await one.save(chatOf("c"), [QUESTION]);
    const { until } = hear(one);
    const undo = await other.delete("c");
    await until(1);
    await one.save(chatOf("c"), [ANSWER]);
    expect(await one.list()).toEqual([]);
    expect(await other.read("c")).toBeUndefined();
    await undo();
    await until(2);
    await one.save(chatOf("c"), [ANSWER]);
    expect((await other.read("c"))?.messages).toEqual([QUESTION, ANSWER]);
  });

  it("find each other's texts", async () => {
    const [one, other] = [await openStore(), await openStore()];
    expect(await other.search("mat")).toEqual([]);
    const { until } = hear(other);
    await one.save(chatOf("c"), [ANSWER]);
    await until(1);
    expect(await other.search("mat")).toHaveLength(1);
    await one.save(chatOf("c"), [messageOf("a", "In the pot.")]);
    await until(2);
    expect(await other.search("mat")).toEqual([]);
    expect(await other.search("pot")).toHaveLength(1);
  });

  it("see each other's chats, and bring back none, where they cannot talk", async () => {
    vi.stubGlobal("BroadcastChannel", undefined);
    const [one, other] = [await openStore(), await openStore()];
    await one.save(chatOf("c"), [QUESTION]);
    expect(await other.list()).toHaveLength(1);
    await other.delete("c");
    const { heard } = hear(one);
    await one.save(chatOf("c"), [ANSWER]);
    expect(heard).toContainEqual({ chatId: "c", kind: "deleted", own: false });
    expect(await other.list()).toEqual([]);
  });

  it("take no notice of what is no change", async () => {
    const store = await openStore();
    const { heard, until } = hear(store);
    const stranger = new BroadcastChannel("latchkey-chats");
    const messages: [unknown][] = [
      [null],
      ["c"],
      [{}],
      [{ chatId: 1, kind: "saved" }],
      [{ chatId: "c", kind: "odd" }],
      [{ chatId: "c", kind: "saved" }],
    ];
    for (const message of messages) stranger.postMessage(...message);
    await until(1);
    stranger.close();
    expect(heard).toEqual([{ chatId: "c", kind: "saved", own: false }]);
  });
});
