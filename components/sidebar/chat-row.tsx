import { memo, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import type { FoundChat } from "../../lib/store/store.ts";
import { strings } from "../strings/strings.ts";
import { MoreIcon } from "./icons.tsx";
import { MarkedText } from "./marked-text.tsx";
import { RenameField } from "./rename-field.tsx";

/** What a row can ask for. */
export interface RowActions {
  readonly open: (chat: FoundChat) => void;
  /** `title` is undefined where it stays; `focus`: the row is to have the focus again. */
  readonly endEdit: (chat: FoundChat, title: string | undefined, focus: boolean) => void;
  readonly toggleMenu: (chat: FoundChat, button: HTMLElement) => void;
  /** A key on the link or the button beside it. Returns whether it was for the list. */
  readonly press: (chat: FoundChat, event: KeyboardEvent) => boolean;
  readonly reach: (chat: FoundChat) => void;
}

export interface RowState {
  readonly open: boolean;
  readonly busy: boolean;
  /** The one row of the list that Tab leads to; arrow keys lead to the others. */
  readonly tabbable: boolean;
  readonly editing: boolean;
  readonly menuOpen: boolean;
}

interface ChatRowProps extends RowState {
  readonly chat: FoundChat;
  /** What is looked for, to be marked. */
  readonly words?: string;
  readonly actions: RowActions;
}

/** One chat of the list: a link, so that it can be opened in a tab of its own, and its menu. */
export const ChatRow = memo(function ChatRow(props: ChatRowProps): ReactNode {
  const { chat, words, actions, open, tabbable, editing, menuOpen } = props;
  const title = chat.title || strings.sidebar.untitled;
  if (editing) {
    return (
      <li className="chat-row">
        <RenameField
          title={chat.title}
          onEnd={(given, focus) => actions.endEdit(chat, given, focus)}
        />
      </li>
    );
  }
  const followLink = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
      return;
    event.preventDefault();
    actions.open(chat);
  };
  const pressKey = (event: KeyboardEvent) => {
    if (actions.press(chat, event)) event.preventDefault();
  };
  return (
    <li className="chat-row" data-open={open || undefined} data-menu={menuOpen || undefined}>
      <a
        href={`/c/${encodeURIComponent(chat.id)}`}
        data-chat={chat.id}
        aria-current={open ? "page" : undefined}
        tabIndex={tabbable ? 0 : -1}
        onClick={followLink}
        onKeyDown={pressKey}
        onFocus={() => actions.reach(chat)}
      >
        <span className="title" dir="auto" title={title}>
          <MarkedText text={title} words={words} />
        </span>
        {props.busy ? <BusyLamp /> : null}
        {chat.excerpt === undefined ? null : (
          <span className="excerpt" dir="auto">
            <MarkedText text={chat.excerpt} words={words} />
          </span>
        )}
      </a>
      <button
        type="button"
        className="quiet icon"
        aria-label={strings.sidebar.more(title)}
        aria-haspopup="menu"
        aria-expanded={menuOpen}
        tabIndex={tabbable ? 0 : -1}
        onKeyDown={pressKey}
        onClick={(event) => actions.toggleMenu(chat, event.currentTarget)}
      >
        <MoreIcon />
      </button>
    </li>
  );
});

const BusyLamp = () => (
  <span className="lamp">
    <span className="hidden">{` (${strings.sidebar.answering})`}</span>
  </span>
);
