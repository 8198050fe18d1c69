import { useEffect, type ReactNode } from "react";
import { strings } from "../strings/strings.ts";
import { SidebarIcon } from "./icons.tsx";
import { sidebar, useOpenness } from "./openness.ts";
import { isSearchShortcut } from "./search-shortcut.ts";

const APPLE = /Mac|iP(?:hone|ad|od)/u;

/** Shows and hides the list of chats. While it is in the page, Ctrl+K (Cmd+K) leads to the search. */
export function SidebarButton(): ReactNode {
  const { open } = useOpenness();
  useEffect(() => {
    const search = (event: KeyboardEvent) => {
      if (!isSearchShortcut(event, APPLE.test(navigator.platform))) return;
      // Another dialog has the page.
      if (document.querySelector("dialog:modal:not(.sidebar)") !== null) return;
      event.preventDefault();
      sidebar.search();
    };
    addEventListener("keydown", search);
    return () => removeEventListener("keydown", search);
  }, []);
  return (
    <button
      type="button"
      className="quiet icon sidebar-button"
      aria-label={strings.sidebar.title}
      aria-expanded={open}
      title={strings.sidebar.title}
      onClick={sidebar.toggle}
    >
      <SidebarIcon />
    </button>
  );
}
