import { Suspense, useState, useSyncExternalStore, type ReactNode } from "react";
import type { Attachment, Message } from "../lib/store/records.ts";
import type { ChatStore } from "../lib/store/store.ts";
import type { AskedWith, ChatSession } from "./chats/chat-session.ts";
import type { Chats } from "./chats/chats.ts";
import { answerInProgress, isOver, type ChatState } from "./chats/chat-state.ts";
import { Composer } from "./composer/composer.tsx";
import type { FileShelf } from "./composer/file-shelf.ts";
import { focusComposer } from "./composer/focus-composer.ts";
import type { MessageActions } from "./conversation/actions.ts";
import { Conversation } from "./conversation/conversation.tsx";
import { MissingChat } from "./conversation/missing-chat.tsx";
import { Welcome } from "./conversation/welcome.tsx";
import { draftsOf } from "./chats/drafts.ts";
import { NoModels } from "./models/list-trouble.tsx";
import { canSee } from "./models/abilities.ts";
import type { ModelChoice } from "./models/use-models.ts";
import { settingsFor } from "./settings/own-settings.ts";
import { sentBytes } from "./chats/sent-bytes.ts";
import { contextOf } from "./status/context.ts";
import { ContextMeter } from "./status/context-meter.tsx";
import type { Asked } from "./status/estimates.ts";
import { ProblemView } from "./status/problem-view.tsx";
import { Status } from "./status/status.tsx";
import { DockNote } from "./page/dock-note.tsx";
import { strings } from "./strings/strings.ts";
import { useAfterAnswers } from "./page/use-after-answers.ts";
import { useLatest } from "./common/use-latest.ts";
import type { Finding } from "./page/use-open-chat.ts";
import { useStopOnEscape } from "./page/use-page-events.ts";

interface ChatViewProps {
  readonly session: ChatSession;
  readonly finding: Finding;
  readonly temporary: boolean;
  readonly models: ModelChoice;
  readonly chats: Chats;
  readonly shelf: FileShelf;
}

/** One chat: what was said, how far the answer has come, and where the next question is written. */
export function ChatView({
  session,
  finding,
  temporary,
  models,
  chats,
  shelf,
}: ChatViewProps): ReactNode {
  const state = useSyncExternalStore(session.subscribe, session.read, session.read);
  const { chat, messages, branch, status } = state;
  const { list, chosen, inUse, reload } = models;
  const asked = useLatest({ model: chosen, settings: settingsFor(chat.settings, inUse) });
  const answer = answerInProgress(state);
  const busy = answer !== undefined;
  const last = branch.at(-1);
  useStopOnEscape(session.stop, busy);
  useAfterAnswers(state, models);

  const actions = useActions(session, asked);
  const [handlers] = useState(() => ({
    send: (text: string, attachments: readonly Attachment[]): boolean => {
      rememberModel(session, asked.current.model);
      const isAsked = session.ask(text, attachments, asked.current);
      if (isAsked) focusComposer();
      return isAsked;
    },
    spentBytes: () => sentBytes(session.read().branch, session.read().chat.settings),
  }));
  const [drafts] = useState(() => draftsOf(openedStore(chats), session));

  return (
    <main>
      <Suspense>
        <Conversation messages={messages} branch={branch} busy={busy} actions={actions}>
          {finding === "missing" ? <MissingChat /> : null}
          {finding === "finding" ? (
            <p className="finding">{strings.conversationRoom.finding}</p>
          ) : null}
          {finding === "found" ? (
            <Welcome temporary={temporary} onAsk={(text) => handlers.send(text, [])} />
          ) : null}
          {list.state === "ready" && list.models.length === 0 ? (
            <NoModels onRetry={reload} />
          ) : null}
          {list.state === "failed" ? (
            <ProblemView problem={list.problem} onRetry={() => void reload()} />
          ) : null}
        </Conversation>
      </Suspense>
      <div className="dock">
        <DockNote chats={chats} />
        <div className="dock-line">
          <Status
            state={answer?.state ?? (last?.role === "assistant" ? last.state : undefined)}
            status={status}
            asked={useAsked(state, answer, models)}
          />
          <ContextMeter {...contextIn(state, models)} policy={chat.settings.context ?? "refuse"} />
        </div>
        <Composer
          chatKey={chat.id}
          shelf={shelf}
          filesKey={filesKeyOf(state)}
          busy={busy}
          canSeeImages={inUse === undefined ? undefined : canSee(inUse)}
          drafts={drafts}
          spentBytes={handlers.spentBytes}
          onSend={handlers.send}
          onStop={session.stop}
        />
      </div>
    </main>
  );
}

/** Like its draft, a chat's files wait while another one is in view: those of one that has not begun for the next. */
function filesKeyOf({ chat, messages, temporary, expected }: ChatState): string {
  return messages.length === 0 && !temporary && !expected ? "new" : chat.id;
}

async function openedStore(chats: Chats): Promise<ChatStore> {
  return (await chats.open()).store;
}

/** A chat goes on with the model it began with, whatever is chosen elsewhere. */
function rememberModel(session: ChatSession, model: string | undefined): void {
  const { settings } = session.read().chat;
  if (model !== undefined && settings.model !== model) session.set({ ...settings, model });
}

function useActions(session: ChatSession, asked: { readonly current: AskedWith }): MessageActions {
  const [actions] = useState<MessageActions>(() => ({
    regenerate: (message) => {
      session.regenerate(message, asked.current);
      focusComposer();
    },
    continue: (message) => {
      session.continue(message, asked.current);
      focusComposer();
    },
    edit: (question, text) => {
      session.edit(question, text, asked.current);
      focusComposer();
    },
    show: session.show,
  }));
  return actions;
}

/** What was known when the answer in progress was asked for: the same object as long as it is in progress. */
function useAsked(
  { branch }: ChatState,
  answer: Message | undefined,
  { chosen, inUse }: ModelChoice,
): Asked | undefined {
  const [known, setKnown] = useState<{ readonly id: string; readonly asked: Asked }>();
  const id = answer?.id;
  if (id !== undefined && known?.id !== id) {
    const { usedTokens } = contextOf(branch, {}, chosen);
    const asked: Asked = {
      ...(chosen === undefined ? {} : { model: chosen }),
      ...(inUse?.size === undefined ? {} : { modelBytes: inUse.size }),
      ...(inUse === undefined ? {} : { loaded: inUse.loaded }),
      ...(usedTokens === undefined ? {} : { promptTokensEstimate: usedTokens }),
    };
    setKnown({ id, asked });
  }
  return known?.id === id ? known?.asked : undefined;
}

/** Of what came to its end: an answer that is being written has no counts yet. */
function contextIn(
  { branch, chat: { settings } }: ChatState,
  { chosen, inUse }: ModelChoice,
): ReturnType<typeof contextOf> {
  const last = branch.at(-1);
  const ended = last === undefined || isOver(last) ? branch : branch.slice(0, -1);
  return contextOf(ended, settings, chosen, inUse?.loadedContextLength);
}
