import { useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import type { FoundChat } from "../../lib/store/store.ts";
import { CopyIcon } from "../common/icons.tsx";
import { strings } from "../strings/strings.ts";
import { DeleteIcon, PinIcon, RenameIcon } from "./icons.tsx";
import { besideButton } from "./menu-place.ts";

export type ChatAction = "rename" | "pin" | "copy" | "delete";

interface ChatMenuProps {
  readonly chat: FoundChat;
  /** It opens beside this one. */
  readonly button: HTMLElement;
  readonly onAction: (action: ChatAction) => void;
  readonly onClose: () => void;
}

/** What can be done with a chat. Made when it is opened, gone when it is closed. */
export function ChatMenu({ chat, button, onAction, onClose }: ChatMenuProps): ReactNode {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = menu.current;
    if (element === null) return undefined;
    element.showPopover({ source: button });
    const place = besideButton(
      button.getBoundingClientRect(),
      element.getBoundingClientRect(),
      document.documentElement.getBoundingClientRect(),
    );
    element.style.left = `${place.left}px`;
    element.style.top = `${place.top}px`;
    itemsOf(element)[0]?.focus();
    // It would stay where it is while its button moves on.
    const hide = (event: Event) => {
      if (!(event.target instanceof Node && element.contains(event.target))) element.hidePopover();
    };
    addEventListener("scroll", hide, { capture: true });
    addEventListener("resize", hide);
    return () => {
      removeEventListener("scroll", hide, { capture: true });
      removeEventListener("resize", hide);
    };
  }, [button]);

  const close = () => {
    menu.current?.hidePopover();
    // The browser tells of it a moment later; the next key may be quicker.
    onClose();
  };
  const choose = (action: ChatAction) => {
    // The focus goes back to the button first: what follows may take it from there.
    close();
    onAction(action);
  };
  const pressKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const items = itemsOf(event.currentTarget);
    const at = items.findIndex((item) => item === document.activeElement);
    const next = NEXT[event.key]?.(at, items.length);
    if (event.key === "Tab") close();
    if (event.key === "Escape") {
      event.preventDefault();
      // It stops no answer.
      event.stopPropagation();
      close();
    }
    if (next === undefined) return;
    event.preventDefault();
    items[next]?.focus();
  };
  const item = (action: ChatAction, label: string, icon: ReactNode) => (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={action}
      onClick={() => choose(action)}
    >
      {icon}
      {label}
    </button>
  );
  return (
    <div
      ref={menu}
      className="chat-menu"
      popover="auto"
      role="menu"
      tabIndex={-1}
      aria-label={strings.sidebar.more(chat.title || strings.sidebar.untitled)}
      onKeyDown={pressKey}
      onToggle={(event) => {
        if (event.newState === "closed") onClose();
      }}
    >
      {item("rename", strings.sidebar.rename, <RenameIcon />)}
      {item("pin", chat.pinned ? strings.sidebar.unpin : strings.sidebar.pin, <PinIcon />)}
      {item("copy", strings.sidebar.copy, <CopyIcon />)}
      {item("delete", strings.sidebar.delete, <DeleteIcon />)}
    </div>
  );
}

const NEXT: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at <= 0 ? count : at) - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

function itemsOf(menu: HTMLElement): readonly HTMLElement[] {
  return Array.from(menu.querySelectorAll<HTMLElement>('[role="menuitem"]'));
}
