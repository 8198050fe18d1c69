import { BrowserChatStore } from "./chat-store.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { Search } from "./search.ts";
import type { ChatStore } from "./store.ts";
import { Tabs } from "./tabs.ts";

const CHANNEL = "latchkey-chats";

export interface ChatStoreOptions extends ConnectionOptions {
  /** Resolves when there is time to read the texts for the search. */
  readonly idle?: () => Promise<void>;
}

/**
 * Opens this browser's chats. Never rejects: where the browser has no database, refuses it or takes too long, the
 * store's `trouble` tells, and chats are kept for this visit.
 */
export async function openChatStore(options: ChatStoreOptions = {}): Promise<ChatStore> {
  const connection = new Connection(options);
  const store = new BrowserChatStore({
    connection,
    search: new Search(connection, options.idle),
    openTabs: (listener) => new Tabs(CHANNEL, listener),
  });
  await store.open();
  return store;
}
