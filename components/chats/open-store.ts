import { Keeper } from "../../lib/store/keeper.ts";
import { openChatStore } from "../../lib/store/open-chat-store.ts";
import type { OpenedStore } from "./chats.ts";

/** The chats of this browser, and what writes into them. Never rejects. */
export async function openStore(): Promise<OpenedStore> {
  const store = await openChatStore();
  return { store, keeper: new Keeper(store) };
}
