import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { StoredChat } from "../../lib/store/records.ts";
import { chatIdOf, showAddress } from "./address.ts";
import { focusComposer } from "../composer/focus-composer.ts";
import type { ChatSession } from "../chats/chat-session.ts";
import type { Chats } from "../chats/chats.ts";

/** What the page shows beside its list of chats. */
export type Finding = "found" | "finding" | "missing";

export interface OpenChat {
  readonly session: ChatSession;
  /** The same object while an answer grows. */
  readonly chat: StoredChat;
  /** Something was said that is kept: it has an address and a title. */
  readonly named: boolean;
  readonly temporary: boolean;
  /** `finding`: the store is being asked for the chat of the address; the session is an empty one. */
  readonly finding: Finding;
  readonly open: (id: string) => void;
  readonly startNew: (temporary?: boolean) => void;
}

/** The chat in view, in step with the address bar: back and forward go between chats. */
export function useOpenChat(chats: Chats, initialId: string | undefined): OpenChat {
  const [session, setSession] = useState(() =>
    initialId === undefined ? chats.start() : chats.expect(initialId),
  );
  const [finding, setFinding] = useState<Finding>(initialId === undefined ? "found" : "finding");
  const readChat = () => session.read().chat;
  const chat = useSyncExternalStore(session.subscribe, readChat, readChat);
  const { temporary } = session.read();

  const show = useCallback(
    (id: string, found: ChatSession | undefined) => {
      // Another chat may have been opened in the meantime.
      if (chatIdOf(location.pathname) !== id) return;
      setSession(found ?? chats.start());
      setFinding(found === undefined ? "missing" : "found");
    },
    [chats],
  );
  const find = useCallback(
    async (id: string) => {
      setFinding("finding");
      show(id, await chats.find(id));
    },
    [chats, show],
  );
  const showNew = useCallback(
    (leavesNoTrace: boolean) => {
      setSession(chats.start({ temporary: leavesNoTrace }));
      setFinding("found");
    },
    [chats],
  );
  const open = useCallback(
    (id: string) => {
      showAddress(id);
      void find(id).then(focusComposer);
    },
    [find],
  );
  const startNew = useCallback(
    (leavesNoTrace = false) => {
      showAddress(undefined);
      showNew(leavesNoTrace);
      focusComposer();
    },
    [showNew],
  );

  // Nobody could stop it any more, or see what it says.
  useEffect(() => {
    if (!session.read().temporary) return undefined;
    return () => chats.forget(session);
  }, [chats, session]);
  useEffect(() => {
    if (initialId !== undefined) void chats.find(initialId).then((found) => show(initialId, found));
  }, [chats, show, initialId]);
  useEffect(
    () =>
      chats.subscribeDropped((dropped) => {
        if (dropped !== chatIdOf(location.pathname)) return;
        showAddress(undefined, "replace");
        setSession(chats.start());
        setFinding("missing");
      }),
    [chats],
  );
  useEffect(() => {
    const follow = (): void => {
      const id = chatIdOf(location.pathname);
      if (id === undefined) showNew(false);
      else void find(id);
    };
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, [find, showNew]);

  const { id, leafId } = chat;
  const named = leafId !== undefined && !temporary;
  useEffect(() => {
    if (named && finding !== "finding") showAddress(id);
  }, [named, finding, id]);
  return { session, chat, named, temporary, finding, open, startNew };
}
