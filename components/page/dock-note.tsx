import type { ReactNode } from "react";
import type { Chats } from "../chats/chats.ts";
import { useOpenness } from "../sidebar/openness.ts";
import { StoreNote } from "../sidebar/store-note.tsx";
import { useStore, useStoreTrouble } from "./use-store.ts";

/** Says it where chats are not kept, while the list of chats, which says it too, is out of view. */
export function DockNote({ chats }: { readonly chats: Chats }): ReactNode {
  const { open } = useOpenness();
  const trouble = useStoreTrouble(useStore(chats));
  return open ? null : <StoreNote trouble={trouble} />;
}
