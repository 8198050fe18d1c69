import { memo, useEffect, useRef, useState, type ReactNode } from "react";
import type { ChatStore } from "../../lib/store/store.ts";
import { strings } from "../strings/strings.ts";
import { ChatList } from "./chat-list.ts";
import { Drawer } from "./drawer.tsx";
import { Finder } from "./finder.ts";
import { onceIdle } from "./once-idle.ts";
import { sidebar, useOpenness } from "./openness.ts";
import { Panel } from "./panel.tsx";
import { UndoList } from "./undo-list.ts";
import { UndoToasts } from "./undo-toasts.tsx";

interface SidebarProps {
  /** The same one for as long as the list is in the page. */
  readonly store: ChatStore;
  readonly openChatId: string | undefined;
  readonly onOpen: (chatId: string) => void;
  /** Asked for, or because the open chat is about to be deleted. */
  readonly onNewChat: () => void;
  readonly onTemporaryChat: () => void;
  readonly onCopyChat: (chatId: string) => void;
  /** A drawer was closed; its button has the focus again. */
  readonly onClosed?: () => void;
  /** Chats whose answer is being written. */
  readonly busyChatIds?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The list of chats: a column beside the chat where there is room, else a drawer over it. With handlers that stay the
 * same it is rendered only when chats change, never because an answer grows.
 */
export const Sidebar = memo(function Sidebar(props: SidebarProps): ReactNode {
  const { store, onClosed, busyChatIds = NONE, ...rest } = props;
  const { wide, open, searchAsked } = useOpenness();
  const [list] = useState(() => new ChatList(store));
  const [finder] = useState(() => new Finder((words, limit) => store.search(words, limit)));
  const [undos] = useState(() => new UndoList());
  useEffect(() => list.start(), [list]);
  useEffect(() => {
    const looking = onceIdle(finder.lookAgain);
    const leave = store.subscribe(looking.ask);
    return () => {
      leave();
      looking.callOff();
    };
  }, [store, finder]);
  const answered = useRef(0);
  const takeSearchAsked = () => {
    const asked = searchAsked > answered.current;
    answered.current = searchAsked;
    return asked;
  };

  const panel = (
    <Panel
      {...rest}
      list={list}
      finder={finder}
      undos={undos}
      busyChatIds={busyChatIds}
      drawer={!wide}
      takeSearchAsked={takeSearchAsked}
    />
  );
  const toasts = <UndoToasts undos={undos} />;
  if (wide) {
    return (
      <>
        {open ? (
          <nav className="sidebar" aria-label={strings.sidebar.title}>
            {panel}
          </nav>
        ) : null}
        {toasts}
      </>
    );
  }
  const close = () => {
    // Told a moment later: the window may have grown wide since.
    if (sidebar.read().wide) return;
    sidebar.set(false);
    onClosed?.();
  };
  return (
    <>
      <Drawer open={open} onClose={close}>
        {panel}
        {open ? toasts : null}
      </Drawer>
      {open ? null : toasts}
    </>
  );
});
