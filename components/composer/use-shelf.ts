import { useEffect, useSyncExternalStore } from "react";
import type { Tray } from "./attach/tray.ts";
import type { FileShelf, Trouble } from "./file-shelf.ts";

/** The tray of the chat in view; what goes wrong with it is told here. */
export function useTray(
  shelf: FileShelf,
  filesKey: string,
  latest: { readonly current: { readonly spentBytes: () => number } },
  tell: (trouble: Trouble) => void,
): Tray | undefined {
  useEffect(
    () => shelf.attend({ spentBytes: () => latest.current.spentBytes(), tell }),
    [shelf, latest, tell],
  );
  return useSyncExternalStore(
    shelf.subscribe,
    () => shelf.trayOf(filesKey),
    () => undefined,
  );
}
