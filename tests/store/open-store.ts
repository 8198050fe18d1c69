import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, vi } from "vitest";
import { openChatStore, type ChatStoreOptions } from "../../lib/store/open-chat-store.ts";
import type { ChatStore, StoreChange } from "../../lib/store/store.ts";

const open: ChatStore[] = [];

/** Gives each test of the file a browser without chats, and closes its stores in the end. */
export function withEmptyBrowser(): void {
  beforeEach(() => void vi.stubGlobal("indexedDB", new IDBFactory()));
  afterEach(() => {
    for (const store of open.splice(0)) store.close();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
}

/** A tab. Its search has read all texts only when it is asked, unless `idle` is given. */
export async function openStore(options: ChatStoreOptions = {}): Promise<ChatStore> {
  const never = (): Promise<void> => new Promise(() => undefined);
  const store = await openChatStore({ idle: never, retryMs: 0, ...options });
  open.push(store);
  return store;
}

/** What a tab hears from now on, with a way to wait for more of it. */
export function hear(store: ChatStore): {
  readonly heard: (StoreChange | undefined)[];
  readonly until: (count: number) => Promise<void>;
} {
  const heard: (StoreChange | undefined)[] = [];
  store.subscribe((change) => heard.push(change));
  const until = (count: number): Promise<void> =>
    vi.waitFor(() => {
      if (heard.length < count) throw new Error(`${heard.length} of ${count} were heard`);
    });
  return { heard, until };
}

/** The methods that are stood in for, as functions that take their store. */
const methods: {
  readonly put: (
    this: IDBObjectStore,
    ...values: Parameters<IDBObjectStore["put"]>
  ) => IDBRequest<IDBValidKey>;
  readonly getAll: (
    this: IDBObjectStore,
    ...values: Parameters<IDBObjectStore["getAll"]>
  ) => IDBRequest<unknown[]>;
} = IDBObjectStore.prototype;

const { put, getAll } = methods;

/** Makes every write to the stores of these names fail, until it is called again. */
export function fillDisk(...stores: string[]): () => void {
  const spy = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function fullPut(
    this: IDBObjectStore,
    ...values
  ) {
    if (stores.includes(this.name)) throw new DOMException("Full", "QuotaExceededError");
    return put.apply(this, values);
  });
  return () => spy.mockRestore();
}

/** Counts from now on how often records of this store are read. */
export function countReads(store: string): () => number {
  let count = 0;
  vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(function countedGetAll(
    this: IDBObjectStore,
    ...values
  ) {
    if (this.name === store) count += 1;
    return getAll.apply(this, values);
  });
  return () => count;
}
