import { describe, expect, it } from "vitest";
import { holdAnswer } from "../../lib/store/recover.ts";
import { chatOf, messageOf } from "./messages.ts";
import { fillDisk, hear, openStore, withEmptyBrowser } from "./open-store.ts";

withEmptyBrowser();

const PICTURE = {
  id: "f",
  kind: "image",
  name: "a.png",
  mediaType: "image/png",
  data: "data:,",
} as const;
const QUESTION = messageOf("q", "Where is the key?", { attachments: [PICTURE] });
const ANSWER = messageOf("a", "Under the mat.", { role: "assistant", parentId: "q", createdAt: 2 });

describe("a store that is emptied", () => {
  it("has no chat and no draft, also after a reload, and other tabs hear of it", async () => {
    const store = await openStore();
    const other = await openStore();
    await store.save(chatOf("c"), [QUESTION, ANSWER]);
    await store.save(chatOf("d"), [QUESTION]);
    await store.saveDraft("new", "Half a thought");
    await other.list();
    const { until } = hear(other);
    void store.saveDraft("other", "Half a wish");
    await store.empty();
    // Of an answer that was in progress, and of one who still wrote.
    await store.save(chatOf("c"), [ANSWER]);
    await store.saveDraft("c", "And wh");
    expect(await store.list()).toEqual([]);
    expect(await store.readDraft("new")).toBe("");
    expect(await store.search("key")).toEqual([]);
    await until(2);
    store.close();
    other.close();
    const after = await openStore();
    expect(await after.list()).toEqual([]);
    expect(await after.read("c")).toBeUndefined();
    for (const key of ["new", "other", "c"]) expect(await after.readDraft(key)).toBe("");
  });
});

describe("a draft that could not be written", () => {
  it("goes as well when the store is emptied", async () => {
    const store = await openStore();
    const makeRoom = fillDisk("drafts");
    await store.saveDraft("new", "Half a thought");
    expect(await store.readDraft("new")).toBe("Half a thought");
    makeRoom();
    await store.empty();
    store.close();
    expect(await (await openStore()).readDraft("new")).toBe("");
  });
});

describe("a kept chat", () => {
  it("is there after a reload, with its files, in the order of its making", async () => {
    const chat = chatOf("c", {
      settings: { model: "small", options: { num_ctx: 8192 } },
      leafId: "a",
    });
    const before = await openStore();
    await before.save(chat, [ANSWER, QUESTION]);
    before.close();
    const after = await openStore();
    expect(after.trouble).toBeUndefined();
    expect(await after.read("c")).toEqual({ chat, messages: [QUESTION, ANSWER] });
    expect(await after.read("other")).toBeUndefined();
  });

  it("keeps the messages that are not saved again", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [QUESTION]);
    await store.save(chatOf("c"), [ANSWER]);
    const grown = { ...ANSWER, parts: [{ id: "a-0", type: "text", text: "Grown" } as const] };
    await store.save(chatOf("c"), [grown]);
    expect((await store.read("c"))?.messages).toEqual([QUESTION, grown]);
  });

  it("does not mix with one whose id begins alike", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [QUESTION]);
    await store.save(chatOf("c1"), [ANSWER]);
    await store.save(chatOf("b"), [ANSWER]);
    expect((await store.read("c"))?.messages).toEqual([QUESTION]);
    await store.delete("c");
    expect((await store.read("c1"))?.messages).toEqual([ANSWER]);
    expect((await store.read("b"))?.messages).toEqual([ANSWER]);
  });

  it("is seen in this tab before it is written", async () => {
    const store = await openStore();
    const saved = store.save(chatOf("c"), [QUESTION]);
    expect((await store.read("c"))?.messages).toEqual([QUESTION]);
    expect((await store.list()).map(({ id }) => id)).toEqual(["c"]);
    await saved;
  });
});

describe("the list", () => {
  it("has pinned chats first, then the newest first, and no more than it shows", async () => {
    const store = await openStore();
    await store.save(chatOf("old", { updatedAt: 1 }), []);
    await store.save(chatOf("new", { updatedAt: 3 }), []);
    await store.save(chatOf("pin", { updatedAt: 2 }), []);
    await store.pin("pin", true);
    const chats = await store.list();
    expect(chats.map(({ id }) => id)).toEqual(["pin", "new", "old"]);
    expect(chats[0]).toEqual({
      id: "pin",
      title: "About pin",
      createdAt: 1,
      updatedAt: 2,
      pinned: true,
    });
    await store.pin("pin", false);
    expect((await store.list()).map(({ id }) => id)).toEqual(["new", "pin", "old"]);
  });
});

describe("a name and a pin", () => {
  it("stay when the chat is saved by who has an older copy of it", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [QUESTION]);
    await store.rename("c", "Mine");
    await store.pin("c", true);
    await store.save(chatOf("c", { title: "Of the question", updatedAt: 5, leafId: "a" }), [
      ANSWER,
    ]);
    expect((await store.read("c"))?.chat).toEqual(
      chatOf("c", { title: "Mine", renamed: true, pinned: true, updatedAt: 5, leafId: "a" }),
    );
  });

  it("of a chat that is not there make none", async () => {
    const store = await openStore();
    await store.rename("none", "Mine");
    await store.pin("none", true);
    expect(await store.list()).toEqual([]);
    await store.save(chatOf("none"), []);
    expect(await store.list()).toHaveLength(1);
  });
});

describe("a deleted chat", () => {
  it("is gone after a reload, with its draft", async () => {
    const before = await openStore();
    await before.save(chatOf("c"), [QUESTION]);
    await before.saveDraft("c", "And wh");
    await before.delete("c");
    before.close();
    const after = await openStore();
    expect(await after.list()).toEqual([]);
    expect(await after.read("c")).toBeUndefined();
    expect(await after.readDraft("c")).toBe("");
    // Nothing of it is left where a chat of the same id would find it.
    await after.save(chatOf("c"), []);
    expect((await after.read("c"))?.messages).toEqual([]);
  });

  it("comes back as it was, once", async () => {
    const store = await openStore();
    const chat = chatOf("c", { pinned: true, title: "Mine", renamed: true, leafId: "a" });
    await store.save(chat, [QUESTION, ANSWER]);
    await store.saveDraft("c", "And wh");
    const undo = await store.delete("c");
    await undo();
    expect(await store.read("c")).toEqual({ chat, messages: [QUESTION, ANSWER] });
    expect(await store.readDraft("c")).toBe("And wh");
    await store.rename("c", "Later");
    await undo();
    expect((await store.read("c"))?.chat.title).toBe("Later");
  });

  it("stays deleted when an answer to it still grows, which is there after undoing", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [QUESTION]);
    const undo = await store.delete("c");
    await store.save(chatOf("c", { leafId: "a" }), [ANSWER]);
    await store.rename("c", "Late");
    expect(await store.read("c")).toBeUndefined();
    expect(await store.list()).toEqual([]);
    await undo();
    expect(await store.read("c")).toEqual({
      chat: chatOf("c", { leafId: "a", title: "Late", renamed: true }),
      messages: [QUESTION, ANSWER],
    });
  });

  it("takes a draft of the last moment with it, and back with it", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [QUESTION]);
    await store.saveDraft("c", "And");
    const undo = await store.delete("c");
    await store.saveDraft("c", "And wh");
    expect(await store.readDraft("c")).toBe("");
    await undo();
    expect(await store.readDraft("c")).toBe("And wh");
  });

  it("that never was can be undone to nothing", async () => {
    const store = await openStore();
    const undo = await store.delete("none");
    await undo();
    expect(await store.list()).toEqual([]);
  });
});

describe("an unfinished answer", () => {
  it("is interrupted unless a living tab writes it", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [{ ...ANSWER, state: "streaming" }]);
    const letGo = holdAnswer("a");
    expect((await store.read("c"))?.messages[0]?.state).toBe("streaming");
    letGo();
    expect((await store.read("c"))?.messages[0]?.state).toBe("interrupted");
  });
});

describe("a draft", () => {
  it("is there after a reload, and none once it is emptied", async () => {
    const before = await openStore();
    await before.saveDraft("new", "Where is");
    before.close();
    const after = await openStore();
    expect(await after.readDraft("new")).toBe("Where is");
    expect(await after.readDraft("other")).toBe("");
    await after.saveDraft("new", "");
    expect(await after.readDraft("new")).toBe("");
  });
});

describe("a listener", () => {
  it("hears of every change of its own tab until it is taken away", async () => {
    const store = await openStore();
    const { heard } = hear(store);
    let late = 0;
    const takeAway = store.subscribe(() => (late += 1));
    await store.save(chatOf("c"), []);
    takeAway();
    await store.pin("c", true);
    const undo = await store.delete("c");
    await undo();
    expect(late).toBe(1);
    expect(heard.map((change) => change && [change.chatId, change.kind, change.own])).toEqual([
      ["c", "saved", true],
      ["c", "saved", true],
      ["c", "deleted", true],
      ["c", "saved", true],
    ]);
  });
});

describe("the settings of a chat", () => {
  it("stay as they were last changed, whoever writes an answer meanwhile", async () => {
    const answering = await openStore();
    const other = await openStore();
    const before = chatOf("c");
    await answering.save(before, [QUESTION]);
    const changed = { ...before, settings: { system: "Be brief." }, settingsAt: 5 };
    const { until } = hear(answering);
    await other.save(changed, []);
    await until(1);
    await answering.save({ ...before, updatedAt: 9 }, [ANSWER]);
    expect((await other.read("c"))?.chat).toMatchObject({ ...changed, updatedAt: 9 });
    await answering.save({ ...before, settings: {}, settingsAt: 7 }, []);
    expect((await other.read("c"))?.chat.settings).toEqual({});
  });
});
