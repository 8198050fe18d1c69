"use client";
import {
  lazy,
  Suspense,
  useCallback,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";
import { ChatView } from "./chat-view.tsx";
import { Chats } from "./chats/chats.ts";
import { FileShelf } from "./composer/file-shelf.ts";
import { COMPOSER_ID } from "./composer/focus-composer.ts";
import { copyChat } from "./page/copy-chat.ts";
import { Header } from "./page/header.tsx";
import { loadTray } from "./composer/late.ts";
import { loadEngine, loadSidebar } from "./late.ts";
import { ModelPicker } from "./models/model-picker.tsx";
import { useModels } from "./models/use-models.ts";
import { openStore } from "./chats/open-store.ts";
import { SettingsButton } from "./settings/settings-button.tsx";
import { SidebarSpace } from "./sidebar/sidebar-space.tsx";
import { strings } from "./strings/strings.ts";
import { useOpenChat } from "./page/use-open-chat.ts";
import { useIdleLoading, useLeaving } from "./page/use-page-events.ts";
import { useStore } from "./page/use-store.ts";
import { watchRelease } from "./chats/watch-release.ts";

const Sidebar = lazy(loadSidebar);

interface ChatProps {
  /** By a session; a guest of a public place is not. */
  readonly signedIn: boolean;
  /** Of the address, `/c/ID`; undefined: a new chat. */
  readonly chatId?: string;
}

/** The page: the list of chats, and the one in view. The only component that holds their state. */
export function Chat({ signedIn, chatId }: ChatProps): ReactNode {
  const [chats] = useState(() => new Chats({ loadEngine, openStore, watchRelease }));
  const [shelf] = useState(() => new FileShelf({ load: loadTray }));
  const store = useStore(chats);
  const { session, chat, named, temporary, finding, open, startNew } = useOpenChat(chats, chatId);
  const { settings } = chat;
  const models = useModels({
    wanted: settings.model,
    // With a context length of its own Ollama would load the model a second time.
    warmUp: settings.options?.["num_ctx"] === undefined,
  });
  const busyChatIds = useSyncExternalStore(chats.subscribeBusy, chats.readBusy, chats.readBusy);
  useIdleLoading();
  useLeaving(chats.leave);

  const { choose } = models;
  const picker = useMemo(
    () => ({
      ...models,
      choose: (name: string) => {
        choose(name);
        session.set({ ...session.read().chat.settings, model: name });
      },
    }),
    [models, choose, session],
  );
  const startChat = useCallback(() => startNew(), [startNew]);
  const startTemporary = useCallback(() => startNew(true), [startNew]);
  const copy = useCallback((id: string) => void copyChat(chats, id), [chats]);

  return (
    <div className="app">
      <title>{named ? strings.conversationRoom.documentTitle(chat.title) : strings.name}</title>
      <a className="skip" href={`#${COMPOSER_ID}`}>
        {strings.skip}
      </a>
      {/* Boundaries of their own, here and below: the page takes a message before all of it is live. */}
      <Suspense>
        <Header signedIn={signedIn} chats={chats} onNewChat={startChat}>
          <ModelPicker models={picker} />
          <SettingsButton settings={settings} model={models.inUse} onChange={session.set} />
        </Header>
      </Suspense>
      {store === undefined ? (
        <SidebarSpace />
      ) : (
        <Suspense fallback={<SidebarSpace />}>
          <Sidebar
            store={store}
            openChatId={chat.id}
            busyChatIds={busyChatIds}
            onOpen={open}
            onNewChat={startChat}
            onTemporaryChat={startTemporary}
            onCopyChat={copy}
          />
        </Suspense>
      )}
      <ChatView
        key={chat.id}
        session={session}
        finding={finding}
        temporary={temporary}
        models={models}
        chats={chats}
        shelf={shelf}
      />
    </div>
  );
}
