import { useMemo, useSyncExternalStore } from "react";
import type { Tray } from "./attach/tray.ts";
import { FileShelf, type Trouble } from "./file-shelf.ts";
import { loadTray } from "./late.ts";

/** The files of the chats' next messages, and the tray of the one in view. */
export function useShelf(
  chatKey: string,
  latest: { readonly current: { readonly spentBytes: () => number } },
  tell: (trouble: Trouble) => void,
): { readonly shelf: FileShelf; readonly tray: Tray | undefined } {
  const shelf = useMemo(
    () => new FileShelf({ load: loadTray, spentBytes: () => latest.current.spentBytes(), tell }),
    [latest, tell],
  );
  const tray = useSyncExternalStore(
    shelf.subscribe,
    () => shelf.trayOf(chatKey),
    () => undefined,
  );
  return { shelf, tray };
}
