import { useEffect, useMemo, useRef, useSyncExternalStore, type ReactNode } from "react";
import type { FoundChat } from "../../lib/store/store.ts";
import { NewChatIcon } from "../common/icons.tsx";
import { strings } from "../strings/strings.ts";
import type { ChatList } from "./chat-list.ts";
import { ChatMenu } from "./chat-menu.tsx";
import type { RowState } from "./chat-row.tsx";
import { DayList, FoundList } from "./chat-rows.tsx";
import { FIND_LIMIT, type Finder } from "./finder.ts";
import { groupByDay } from "./group-by-day.ts";
import { CloseIcon, TemporaryIcon } from "./icons.tsx";
import { linksIn } from "./links.ts";
import { sidebar } from "./openness.ts";
import { SearchField } from "./search-field.tsx";
import { StoreNote } from "./store-note.tsx";
import type { UndoList } from "./undo-list.ts";
import { leaveDrawer, useRows } from "./use-rows.ts";
import { useToday } from "./use-today.ts";

export interface PanelProps {
  readonly list: ChatList;
  readonly finder: Finder;
  readonly undos: UndoList;
  readonly openChatId: string | undefined;
  readonly busyChatIds: ReadonlySet<string>;
  /** Over the page: it needs a way out. */
  readonly drawer: boolean;
  /** Returns whether the search field was asked for since the last time. */
  readonly takeSearchAsked: () => boolean;
  readonly onOpen: (chatId: string) => void;
  readonly onNewChat: () => void;
  readonly onTemporaryChat: () => void;
  readonly onCopyChat: (chatId: string) => void;
}

/** What is in the column or the drawer: ways to begin a chat, the search, the list. */
export function Panel(props: PanelProps): ReactNode {
  const { list, finder, openChatId, busyChatIds, drawer, takeSearchAsked } = props;
  const { chats, trouble } = useSyncExternalStore(list.subscribe, list.read, list.read);
  const readFound = () => finder.read().found;
  const found = useSyncExternalStore(finder.subscribe, readFound, readFound);
  const today = useToday();
  const rowsElement = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const rows = useRows({ ...props, rows: rowsElement, searchField: field });
  useEffect(() => {
    if (takeSearchAsked()) field.current?.focus();
  });

  const groups = useMemo(() => groupByDay(chats ?? [], today), [chats, today]);
  const shown = useMemo(() => {
    if (found === undefined) return groups.flatMap((group) => group.chats);
    // A find that was deleted a moment ago.
    const there = new Set(chats?.map(({ id }) => id));
    return found.chats.filter(({ id }) => there.has(id)).slice(0, FIND_LIMIT);
  }, [chats, found, groups]);
  const tabbable = tabbableOf(shown, [rows.reached, openChatId]);
  const stateOf = (chat: FoundChat): RowState => ({
    open: chat.id === openChatId,
    busy: busyChatIds.has(chat.id),
    tabbable: chat.id === tabbable,
    editing: chat.id === rows.editing,
    menuOpen: chat.id === rows.menu?.chat.id,
  });

  return (
    <>
      <div className="head">
        <h2>{strings.sidebar.title}</h2>
        {drawer ? (
          <button
            type="button"
            className="quiet icon"
            aria-label={strings.sidebar.close}
            title={strings.sidebar.close}
            onClick={() => sidebar.set(false)}
          >
            <CloseIcon />
          </button>
        ) : null}
      </div>
      <div className="beginnings">
        <button type="button" className="quiet" onClick={() => leaveDrawer(props.onNewChat)}>
          <NewChatIcon />
          {strings.newChat}
        </button>
        <button
          type="button"
          className="quiet"
          title={strings.sidebar.temporaryHint}
          onClick={() => leaveDrawer(props.onTemporaryChat)}
        >
          <TemporaryIcon />
          {strings.sidebar.temporary}
        </button>
      </div>
      <SearchField
        field={field}
        finder={finder}
        onLeave={() => linksIn(rowsElement.current)[0]?.focus()}
      />
      <p className="finds" role="status">
        {found === undefined
          ? ""
          : strings.sidebar.found(shown.length, found.chats.length > FIND_LIMIT)}
      </p>
      <StoreNote trouble={trouble} />
      <div ref={rowsElement} className="chats">
        {found === undefined ? (
          <DayList groups={groups} actions={rows.actions} stateOf={stateOf} />
        ) : (
          <FoundList
            key={found.words}
            chats={shown}
            words={found.words}
            actions={rows.actions}
            stateOf={stateOf}
          />
        )}
        {chats?.length === 0 ? <p className="empty">{strings.sidebar.empty}</p> : null}
      </div>
      {rows.menu === undefined ? null : <OpenedMenu rows={rows} menu={rows.menu} />}
    </>
  );
}

interface OpenedMenuProps {
  readonly rows: ReturnType<typeof useRows>;
  readonly menu: NonNullable<ReturnType<typeof useRows>["menu"]>;
}

const OpenedMenu = ({ rows, menu }: OpenedMenuProps) => (
  <ChatMenu
    key={menu.chat.id}
    chat={menu.chat}
    button={menu.button}
    onAction={(action) => rows.act(menu.chat, action)}
    onClose={() => rows.closeMenu(menu)}
  />
);

/** The first of the wished ones that is shown, else the first that is shown. */
function tabbableOf(shown: readonly FoundChat[], wished: readonly (string | undefined)[]) {
  const ids = new Set(shown.map(({ id }) => id));
  return wished.find((id) => id !== undefined && ids.has(id)) ?? shown[0]?.id;
}
