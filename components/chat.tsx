"use client";
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";
import { ChatSession } from "./chat-session.ts";
import { isBusy } from "./chat-state.ts";
import { Composer } from "./composer.tsx";
import { Conversation } from "./conversation.tsx";
import { COMPOSER_ID, focusComposer } from "./focus-composer.ts";
import { Header } from "./header.tsx";
import { isComposing } from "./is-composing.ts";
import { loadAnswer, loadEngine } from "./late.ts";
import { ModelPicker } from "./model-picker.tsx";
import { ProblemView } from "./problem-view.tsx";
import { Status } from "./status.tsx";
import { strings } from "./strings.ts";
import { useModels } from "./use-models.ts";
import { Welcome } from "./welcome.tsx";
import { whenIdle } from "./when-idle.ts";

interface ChatProps {
  /** By a session; a guest of a public place is not. */
  readonly signedIn: boolean;
}

/** The chat. The only component that holds the conversation's state. */
export function Chat({ signedIn }: ChatProps): ReactNode {
  const [session] = useState(() => new ChatSession(loadEngine));
  const chat = useSyncExternalStore(session.subscribe, session.read, session.read);
  const { list, chosen, choose, reload } = useModels();
  const model = useLatest(chosen);
  const busy = isBusy(chat);
  usePageEvents(session.stop, busy);

  const send = useCallback(
    (text: string) => {
      void session.send(text, model.current);
      focusComposer();
    },
    [session, model],
  );
  const regenerate = useCallback(() => {
    void session.regenerate(model.current);
    focusComposer();
  }, [session, model]);
  const startAnew = () => {
    session.clear();
    focusComposer();
  };

  return (
    <div className="app">
      <a className="skip" href={`#${COMPOSER_ID}`}>
        {strings.skip}
      </a>
      <Header signedIn={signedIn} onNewChat={startAnew}>
        <ModelPicker list={list} chosen={chosen} onChoose={choose} />
      </Header>
      <main>
        <Conversation entries={chat.entries} onRegenerate={regenerate}>
          <Welcome onAsk={send} />
          {list.state === "failed" ? (
            <ProblemView problem={list.problem} onRetry={() => void reload()} />
          ) : null}
        </Conversation>
        <div className="dock">
          <Status state={chat.entries.at(-1)?.state} status={chat.status} />
          <Composer busy={busy} onSend={send} onStop={session.stop} />
        </div>
      </main>
    </div>
  );
}

/** The newest value, for handlers that must stay the same. */
function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}

/** Escape stops, leaving the page stops, and what comes late is loaded when the page is idle. */
function usePageEvents(stop: () => void, busy: boolean): void {
  useEffect(
    () =>
      whenIdle(() => {
        // Both are asked for again when they are needed: a failure here is told there.
        void Promise.allSettled([loadEngine(), loadAnswer()]);
      }),
    [],
  );
  useEffect(() => {
    // A page in the browser's back-forward cache would keep the model busy.
    addEventListener("pagehide", stop);
    return () => removeEventListener("pagehide", stop);
  }, [stop]);
  useEffect(() => {
    if (!busy) return undefined;
    const stopOnEscape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || isComposing(event)) return;
      stop();
      focusComposer();
    };
    addEventListener("keydown", stopOnEscape);
    return () => removeEventListener("keydown", stopOnEscape);
  }, [stop, busy]);
}
