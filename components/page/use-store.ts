import { useEffect, useState, useSyncExternalStore } from "react";
import type { ChatStore, StoreTrouble } from "../../lib/store/store.ts";
import type { Chats } from "../chats/chats.ts";

/** The place where chats are kept; undefined until it is open. */
export function useStore(chats: Chats): ChatStore | undefined {
  const [store, setStore] = useState<ChatStore>();
  useEffect(() => {
    void chats.open().then((opened) => setStore(opened.store));
  }, [chats]);
  return store;
}

const nothing = (): void => undefined;

/** Why chats are not kept beyond this visit; undefined where they are. */
export function useStoreTrouble(store: ChatStore | undefined): StoreTrouble | undefined {
  const read = (): StoreTrouble | undefined => store?.trouble;
  return useSyncExternalStore(
    (listener) => store?.subscribe(listener) ?? nothing,
    read,
    () => undefined,
  );
}
