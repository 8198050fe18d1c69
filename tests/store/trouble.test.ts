import { openDB } from "idb";
import { describe, expect, it, vi } from "vitest";
import {
  DATABASE_NAME,
  DATABASE_VERSION,
  migrate,
  type ChatSchema,
} from "../../lib/store/database.ts";
import type { ChatStore } from "../../lib/store/store.ts";
import { chatOf, messageOf } from "./messages.ts";
import { fillDisk, hear, openStore, withEmptyBrowser } from "./open-store.ts";

withEmptyBrowser();

const QUESTION = messageOf("q", "Where is the key?");

/** That the store does all it should for this visit. */
async function expectToWork(store: ChatStore): Promise<void> {
  await store.save(chatOf("c"), [QUESTION]);
  await store.save(chatOf("d", { updatedAt: 2 }), []);
  await store.rename("d", "Mine");
  expect((await store.list()).map(({ title }) => title)).toEqual(["Mine", "About c"]);
  expect((await store.read("c"))?.messages).toEqual([QUESTION]);
  expect((await store.search("key"))[0]?.excerpt).toBe("Where is the key?");
  const undo = await store.delete("c");
  expect(await store.read("c")).toBeUndefined();
  await undo();
  expect((await store.read("c"))?.messages).toEqual([QUESTION]);
  await store.saveDraft("new", "Where");
  expect(await store.readDraft("new")).toBe("Where");
}

describe("without the browser's database", () => {
  it.each([
    ["is missing", () => undefined],
    ["is refused", () => ({ open: refuse })],
    ["fails", () => failing(indexedDB)],
  ])("chats are kept for this visit: it %s", async (_, factory) => {
    vi.stubGlobal("indexedDB", factory());
    const store = await openStore();
    expect(store.trouble).toBe("refused");
    await expectToWork(store);
    expect(store.trouble).toBe("refused");
  });

  it("chats are kept for this visit while it does not answer, and written when it does", async () => {
    // A tab that has the database open and hears of nothing holds up who wants to delete it, and all after that.
    const deaf = await openDB<ChatSchema>(DATABASE_NAME, DATABASE_VERSION, { upgrade: migrate });
    const deleted = deleteDatabase();
    const store = await openStore({ openingMs: 20 });
    expect(store.trouble).toBe("refused");
    await expectToWork(store);
    const { heard, until } = hear(store);
    deaf.close();
    await deleted;
    await until(1);
    expect(heard).toEqual([undefined]);
    expect(store.trouble).toBeUndefined();
    expect((await (await openStore()).read("c"))?.messages).toEqual([QUESTION]);
  });

  it("chats are written as soon as it is there again, with the next change", async () => {
    const real = indexedDB;
    vi.stubGlobal("indexedDB", { open: refuse });
    const store = await openStore();
    await store.save(chatOf("c"), [QUESTION]);
    vi.stubGlobal("indexedDB", real);
    await store.save(chatOf("d"), []);
    expect(store.trouble).toBeUndefined();
    expect(await (await openStore()).list()).toHaveLength(2);
  });
});

describe("a database that goes away", () => {
  it("leaves what was read", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [QUESTION]);
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(() => {
      throw new DOMException("Lost", "UnknownError");
    });
    expect((await store.read("c"))?.messages).toEqual([QUESTION]);
    expect(await store.list()).toHaveLength(1);
    expect(store.trouble).toBe("refused");
  });

  it("is opened again when another tab deleted it", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [QUESTION]);
    await deleteDatabase();
    // Nothing is left that a chat of this id could be written to.
    await store.save(chatOf("c"), [QUESTION]);
    expect(await store.list()).toEqual([]);
    const database = await openDB(DATABASE_NAME);
    expect(await database.getAll("messages")).toEqual([]);
    database.close();
    await store.save(chatOf("d"), []);
    expect(store.trouble).toBeUndefined();
    expect(await store.list()).toHaveLength(1);
  });

  it("is tried once more when it broke", async () => {
    const store = await openStore();
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementationOnce(() => {
      throw new DOMException("Lost", "InvalidStateError");
    });
    await store.save(chatOf("c"), []);
    expect(store.trouble).toBeUndefined();
    expect(await (await openStore()).list()).toHaveLength(1);
  });
});

describe("a full disk", () => {
  it("is told, loses nothing of this visit, and is over with a write that succeeds", async () => {
    const store = await openStore();
    await store.save(chatOf("before"), [QUESTION]);
    const { heard } = hear(store);
    const makeRoom = fillDisk("chats", "messages", "drafts");
    await store.save(chatOf("c", { updatedAt: 2 }), [QUESTION]);
    await store.saveDraft("new", "Where");
    expect(store.trouble).toBe("full");
    expect(heard).toContain(undefined);
    expect((await store.list()).map(({ id }) => id)).toEqual(["c", "before"]);
    expect((await store.read("c"))?.messages).toEqual([QUESTION]);
    expect(await store.readDraft("new")).toBe("Where");
    const other = await openStore();
    expect((await other.list()).map(({ id }) => id)).toEqual(["before"]);

    makeRoom();
    await store.pin("before", true);
    expect(store.trouble).toBeUndefined();
    expect((await other.read("c"))?.messages).toEqual([QUESTION]);
    expect(await other.readDraft("new")).toBe("Where");
  });

  it("writes what fits, and all of a chat or nothing", async () => {
    const store = await openStore();
    const makeRoom = fillDisk("messages");
    await store.save(chatOf("c"), [QUESTION]);
    await store.save(chatOf("empty"), []);
    expect(store.trouble).toBe("full");
    expect((await (await openStore()).list()).map(({ id }) => id)).toEqual(["empty"]);
    makeRoom();
  });

  it("is tried again after what was deleted is gone", async () => {
    const [store, other] = [await openStore(), await openStore()];
    await store.save(chatOf("before"), []);
    const makeRoom = fillDisk("messages");
    await store.save(chatOf("c"), [QUESTION]);
    const { heard, until } = hear(other);
    makeRoom();
    await store.delete("before");
    await until(2);
    expect(heard.slice(-2).map((change) => change?.kind)).toEqual(["deleted", "saved"]);
  });

  it("can be made room on by deleting, and the undoing brings back what was never written", async () => {
    const store = await openStore();
    const makeRoom = fillDisk("messages");
    await store.save(chatOf("c"), [QUESTION]);
    const undo = await store.delete("c");
    expect(store.trouble).toBeUndefined();
    expect(await store.list()).toEqual([]);
    await undo();
    expect((await store.read("c"))?.messages).toEqual([QUESTION]);
    expect(store.trouble).toBe("full");
    makeRoom();
  });
});

describe("another version", () => {
  it("that is newer is told, and stays for this visit", async () => {
    (await openDB(DATABASE_NAME, DATABASE_VERSION + 1)).close();
    const store = await openStore();
    expect(store.trouble).toBe("newer");
    await expectToWork(store);
    expect(store.trouble).toBe("newer");
  });

  it("in another tab takes over at once; what this tab has read stays", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [QUESTION]);
    const { heard } = hear(store);
    const newer = await openDB(DATABASE_NAME, DATABASE_VERSION + 1);
    expect(store.trouble).toBe("newer");
    expect(heard).toEqual([undefined]);
    expect((await store.read("c"))?.messages).toEqual([QUESTION]);
    await expectToWork(store);
    newer.close();
  });

  it("is told also when a write was under way, which still is made", async () => {
    const store = await openStore();
    const [, newer] = await Promise.all([
      store.save(chatOf("c"), [QUESTION]),
      openDB(DATABASE_NAME, DATABASE_VERSION + 1),
    ]);
    expect(store.trouble).toBe("newer");
    expect(await newer.getAll("chats")).toHaveLength(1);
    newer.close();
  });
});

describe("a closed store", () => {
  it("still answers", async () => {
    const store = await openStore();
    await store.save(chatOf("c"), [QUESTION]);
    store.close();
    await store.save(chatOf("d"), []);
    expect(await store.list()).toHaveLength(2);
  });
});

function refuse(): never {
  throw new DOMException("Refused", "SecurityError");
}

/** A browser that begins to make the database and cannot. */
function failing(factory: IDBFactory): Pick<IDBFactory, "open"> {
  return {
    open: (name, version) => {
      const request = factory.open(name, version);
      request.addEventListener("upgradeneeded", () => request.transaction?.abort());
      return request;
    },
  };
}

/** Deletes the database, which waits for all of its connections. */
function deleteDatabase(): Promise<void> {
  return new Promise((resolve) => {
    indexedDB.deleteDatabase(DATABASE_NAME).addEventListener("success", () => resolve());
  });
}
