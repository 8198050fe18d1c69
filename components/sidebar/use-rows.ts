import { useState, type KeyboardEvent, type RefObject } from "react";
import { flushSync } from "react-dom";
import type { FoundChat } from "../../lib/store/store.ts";
import type { ChatList } from "./chat-list.ts";
import type { ChatAction } from "./chat-menu.tsx";
import type { RowActions } from "./chat-row.tsx";
import { linkByKey, linkOf, neighbourOf } from "./links.ts";
import { sidebar } from "./openness.ts";
import type { UndoList } from "./undo-list.ts";
import { useLatest } from "../common/use-latest.ts";

export interface RowsOptions {
  readonly list: ChatList;
  readonly undos: UndoList;
  readonly openChatId: string | undefined;
  readonly onOpen: (chatId: string) => void;
  readonly onNewChat: () => void;
  readonly onCopyChat: (chatId: string) => void;
  /** Where the rows are. */
  readonly rows: RefObject<HTMLElement | null>;
  readonly searchField: RefObject<HTMLElement | null>;
}

export interface OpenMenu {
  readonly chat: FoundChat;
  readonly button: HTMLElement;
}

export interface Rows {
  readonly editing: string | undefined;
  readonly menu: OpenMenu | undefined;
  /** The chat whose row had the focus last. */
  readonly reached: string | undefined;
  /** The same object always: no row is rendered on its account. */
  readonly actions: RowActions;
  readonly closeMenu: (menu: OpenMenu) => void;
  readonly act: (chat: FoundChat, action: ChatAction) => void;
}

/** Closes a drawer first, which gives the focus back to the page: what follows may place it there. */
export function leaveDrawer(then: () => void): void {
  if (!sidebar.read().wide) flushSync(() => sidebar.set(false));
  then();
}

/** What the rows of the list are doing, and what can be done with them. */
export function useRows(options: RowsOptions): Rows {
  const latest = useLatest(options);
  const [editing, setEditing] = useState<string>();
  const [menu, setMenu] = useState<OpenMenu>();
  const [reached, setReached] = useState<string>();
  const [actions] = useState<RowActions>(() => ({
    open: (chat) => leaveDrawer(() => latest.current.onOpen(chat.id)),
    press: (chat, event) => {
      if (isUndo(event)) return undoNewest(latest.current.undos);
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      const onLink = event.currentTarget instanceof HTMLAnchorElement;
      if (onLink && event.key === "F2") setEditing(chat.id);
      else if (onLink && event.key === "Delete") deleteWithUndo(chat, latest.current);
      else return focusByKey(event, latest.current);
      return true;
    },
    endEdit: (chat, title, focused) => {
      flushSync(() => setEditing(undefined));
      if (title !== undefined) void latest.current.list.rename(chat.id, title);
      if (focused) focusChat(chat, latest.current);
    },
    toggleMenu: (chat, button) =>
      setMenu((before) => (before?.chat.id === chat.id ? undefined : { chat, button })),
    reach: (chat) => setReached(chat.id),
  }));
  return {
    editing,
    menu,
    reached,
    actions,
    closeMenu: (closed) => setMenu((before) => (before === closed ? undefined : before)),
    act: (chat, action) => {
      if (action === "rename") setEditing(chat.id);
      if (action === "delete") deleteWithUndo(chat, latest.current);
      if (action === "copy") latest.current.onCopyChat(chat.id);
      if (action === "pin") {
        flushSync(() => void latest.current.list.pin(chat.id, !chat.pinned));
        // In another group it is another element.
        focusChat(chat, latest.current);
      }
    },
  };
}

function focusChat(chat: FoundChat, { rows }: RowsOptions): void {
  linkOf(rows.current, chat.id)?.focus();
}

function deleteWithUndo(chat: FoundChat, options: RowsOptions): void {
  const { list, undos, rows, searchField, openChatId, onNewChat } = options;
  const next = neighbourOf(rows.current, chat.id) ?? searchField.current;
  // Before it is deleted, so that nothing of it is saved afterwards.
  if (chat.id === openChatId) onNewChat();
  const restore = list.delete(chat);
  const run = () => {
    flushSync(() => void restore());
    const link = linkOf(rows.current, chat.id);
    link?.focus();
    // Out of view with the whole list.
    if (link === undefined || document.activeElement !== link) {
      document.querySelector<HTMLElement>(".sidebar-button")?.focus();
    }
  };
  undos.add({ chatId: chat.id, title: chat.title, run });
  next?.focus();
}

function focusByKey(event: KeyboardEvent, { rows, searchField }: RowsOptions): boolean {
  const next = linkByKey(rows.current, event.currentTarget, event.key);
  if (next === "above") searchField.current?.focus();
  else next?.focus();
  return next !== undefined;
}

const isUndo = (event: KeyboardEvent) =>
  event.key === "z" && (event.ctrlKey || event.metaKey) && !event.altKey;

function undoNewest(undos: UndoList): boolean {
  const newest = undos.read().at(-1);
  if (newest !== undefined) undos.undo(newest.chatId);
  return newest !== undefined;
}
