/** One chat as data, and the one pure function that changes it. */
import type { ReplyMetadata, StatusData } from "../../lib/chat.ts";
import type {
  Attachment,
  ChatSettings,
  EndState,
  Message,
  Part,
  Problem,
  Release,
  StoredChat,
} from "../../lib/store/records.ts";
import { branchOf } from "../../lib/store/tree.ts";
import { titleOf } from "../../lib/store/title.ts";

export interface ChatState {
  readonly chat: StoredChat;
  /** Leaves no trace: handed to no store. */
  readonly temporary: boolean;
  /** It is being looked for where chats are kept: nothing can be asked before that is over. */
  readonly expected: boolean;
  /** All branches, in the order they were made. */
  readonly messages: readonly Message[];
  /** The branch in view, from its first message to its newest. */
  readonly branch: readonly Message[];
  /** How far the answer in progress has come; absent before the app told and after the end. */
  readonly status?: StatusData;
}

export type ChatEvent =
  /** What the store had, or another tab changed. */
  | { readonly type: "chat-read"; readonly chat: StoredChat; readonly messages: readonly Message[] }
  | {
      readonly type: "question-asked";
      readonly id: string;
      /** Undefined: the first of the chat. */
      readonly parentId: string | undefined;
      readonly text: string;
      readonly attachments: readonly Attachment[];
      /** Milliseconds since 1970. */
      readonly now: number;
    }
  | {
      readonly type: "answer-awaited";
      readonly id: string;
      /** The question. */
      readonly parentId: string;
      readonly now: number;
    }
  /** An answer that was cut goes on where it ended. */
  | { readonly type: "answer-continued"; readonly id: string; readonly now: number }
  | { readonly type: "status-told"; readonly id: string; readonly status: StatusData }
  | {
      readonly type: "answer-grown";
      readonly id: string;
      readonly parts: readonly Part[];
      readonly metadata: ReplyMetadata;
    }
  | {
      readonly type: "answer-ended";
      readonly id: string;
      readonly state: EndState;
      readonly problem?: Problem;
      /** Milliseconds since the request began. */
      readonly at: number;
      readonly now: number;
    }
  | { readonly type: "release-told"; readonly id: string; readonly release: Release }
  | { readonly type: "branch-chosen"; readonly leafId: string }
  /** `now` in milliseconds since 1970. */
  | { readonly type: "settings-changed"; readonly settings: ChatSettings; readonly now: number }
  /** In the list of chats, or in another tab. */
  | { readonly type: "chat-renamed"; readonly title: string };

/** A chat in which nothing was said. `now` in milliseconds since 1970. */
export function emptyChat(
  id: string,
  now: number,
  {
    temporary = false,
    expected = false,
    settings = {},
  }: { temporary?: boolean; expected?: boolean; settings?: ChatSettings } = {},
): ChatState {
  const times = { createdAt: now, updatedAt: now };
  const chat = { id, title: "", ...times, pinned: false, renamed: false, settings };
  return { chat, temporary, expected, messages: [], branch: [] };
}

/** The answer that is awaited or being written. */
export function answerInProgress({ messages }: ChatState): Message | undefined {
  return messages.findLast(({ state }) => state === "waiting" || state === "streaming");
}

export function isBusy(chat: ChatState): boolean {
  return answerInProgress(chat) !== undefined;
}

/** Whether nothing more will come of a message. */
export function isOver({ state }: Message): boolean {
  return state !== "waiting" && state !== "streaming";
}

/** The plain text of a message: what Copy copies and what the model is sent. */
export function textOf({ parts }: Pick<Message, "parts">): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}

/** The next state. What is told of an answer that is not in progress changes nothing. */
export function reduceChat(chat: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case "chat-read":
      return {
        ...withMessages(withoutStatus(chat), event.messages, event.chat.leafId, event.chat),
        expected: false,
      };
    case "question-asked": {
      const question: Message = {
        id: event.id,
        ...(event.parentId === undefined ? {} : { parentId: event.parentId }),
        role: "user",
        parts: event.text === "" ? [] : [{ id: event.id, type: "text", text: event.text }],
        ...(event.attachments.length === 0 ? {} : { attachments: event.attachments }),
        state: "done",
        createdAt: event.now,
      };
      const titled = titleFrom(chat.chat, event.text, event.attachments);
      return added(chat, question, { ...titled, updatedAt: event.now });
    }
    case "answer-awaited":
      return added(
        withoutStatus(chat),
        {
          id: event.id,
          parentId: event.parentId,
          role: "assistant",
          parts: [],
          state: "waiting",
          createdAt: event.now,
        },
        { ...chat.chat, updatedAt: event.now },
      );
    case "answer-continued":
      return changeMessage(
        { ...withoutStatus(chat), chat: { ...chat.chat, updatedAt: event.now } },
        event.id,
        ({ problem: _problem, release: _release, ...answer }) => ({ ...answer, state: "waiting" }),
      );
    case "status-told":
      return changeAnswer({ ...chat, status: event.status }, chat, event.id, (answer) =>
        timeThinking(answer, event.status),
      );
    case "answer-grown":
      return changeAnswer(chat, chat, event.id, (answer) => ({
        ...answer,
        parts: event.parts,
        metadata: event.metadata,
        state: event.parts.length === 0 ? answer.state : "streaming",
      }));
    case "answer-ended": {
      const ended = { ...withoutStatus(chat), chat: { ...chat.chat, updatedAt: event.now } };
      return changeAnswer(ended, chat, event.id, (answer) => ({
        ...endThinking(answer, event.at),
        state: event.state,
        ...(event.problem === undefined ? {} : { problem: event.problem }),
      }));
    }
    case "release-told":
      return changeMessage(chat, event.id, (answer) => ({ ...answer, release: event.release }));
    case "branch-chosen":
      return withMessages(chat, chat.messages, event.leafId, chat.chat);
    case "chat-renamed":
      return { ...chat, chat: { ...chat.chat, title: event.title, renamed: true } };
    case "settings-changed":
      break;
  }
  const { settings, now } = event;
  return { ...chat, chat: { ...chat.chat, settings, settingsAt: now } };
}

function withMessages(
  state: ChatState,
  messages: readonly Message[],
  leafId: string | undefined,
  chat: StoredChat,
): ChatState {
  const branch = branchOf(messages, leafId);
  const newest = branch.at(-1)?.id;
  return {
    ...state,
    chat: newest === undefined ? chat : { ...chat, leafId: newest },
    messages,
    branch,
  };
}

/** Status belongs to an answer in progress. */
function withoutStatus({ status: _status, ...chat }: ChatState): ChatState {
  return chat;
}

function added(state: ChatState, message: Message, chat: StoredChat): ChatState {
  return withMessages(state, [...state.messages, message], message.id, chat);
}

/** A chat is called after its first question until somebody gives it another name. */
function titleFrom(chat: StoredChat, text: string, attachments: readonly Attachment[]): StoredChat {
  if (chat.renamed || chat.title !== "") return chat;
  return { ...chat, title: titleOf(text) || (attachments[0]?.name ?? "") };
}

/** Changes one message; its place in the tree stays, so the others are the same objects. */
function changeMessage(
  state: ChatState,
  id: string,
  change: (message: Message) => Message,
): ChatState {
  const at = state.messages.findLastIndex((message) => message.id === id);
  const message = state.messages[at];
  if (message === undefined) return state;
  const changed = change(message);
  const place = state.branch.lastIndexOf(message);
  return {
    ...state,
    messages: state.messages.with(at, changed),
    branch: place === -1 ? state.branch : state.branch.with(place, changed),
  };
}

/** Gives `before` back when this answer is not in progress. */
function changeAnswer(
  state: ChatState,
  before: ChatState,
  id: string,
  change: (answer: Message) => Message,
): ChatState {
  return answerInProgress(before)?.id === id ? changeMessage(state, id, change) : before;
}

function timeThinking(answer: Message, { phase, at }: StatusData): Message {
  if (phase !== "thinking") return endThinking(answer, at);
  return answer.thinkingSince === undefined ? { ...answer, thinkingSince: at } : answer;
}

function endThinking(answer: Message, at: number): Message {
  const { thinkingSince, thinkingMs } = answer;
  if (thinkingSince === undefined || thinkingMs !== undefined) return answer;
  return { ...answer, thinkingMs: Math.max(0, at - thinkingSince) };
}
