/** The conversation as data, and the one pure function that changes it. */
import type { NoticeData, ReplyMetadata, StatusData } from "../lib/chat.ts";
import type { Problem } from "./problem.ts";

export type MessageState = "waiting" | "streaming" | "done" | "stopped" | "interrupted" | "failed";

/** How an answer can end. */
export type EndState = Exclude<MessageState, "waiting" | "streaming">;

/** A piece of a message, in the order it came. */
export type Part =
  | { readonly id: string; readonly type: "text" | "thinking"; readonly text: string }
  | { readonly id: string; readonly type: "notice"; readonly notice: NoticeData };

export interface Entry {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly parts: readonly Part[];
  readonly state: MessageState;
  readonly metadata?: ReplyMetadata;
  readonly problem?: Problem;
  /** Milliseconds since the request began. */
  readonly thinkingSince?: number;
  /** Milliseconds; absent while it goes on. */
  readonly thinkingMs?: number;
}

export interface ChatState {
  readonly id: string;
  readonly entries: readonly Entry[];
  /** How far the answer in progress has come; absent before the app told and after the end. */
  readonly status?: StatusData;
}

export type ChatEvent =
  | { readonly type: "question-asked"; readonly id: string; readonly text: string }
  /** An answer to the last question is awaited; one that is there gives way. */
  | { readonly type: "answer-awaited"; readonly id: string }
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
    }
  | { readonly type: "chat-cleared"; readonly id: string };

/** A conversation in which nothing was said. */
export function emptyChat(id: string): ChatState {
  return { id, entries: [] };
}

/** Whether an answer is awaited or being written. */
export function isBusy({ entries }: ChatState): boolean {
  const state = entries.at(-1)?.state;
  return state === "waiting" || state === "streaming";
}

/** The plain text of a message: what Copy copies and what the model is sent. */
export function textOf({ parts }: Entry): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}

/** The next state. What is told of an answer that is not the one in progress changes nothing. */
export function reduceChat(chat: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case "question-asked":
      return withEntries(chat, [
        ...chat.entries,
        {
          id: event.id,
          role: "user",
          parts: [{ id: event.id, type: "text", text: event.text }],
          state: "done",
        },
      ]);
    case "answer-awaited": {
      const last = chat.entries.findLastIndex(({ role }) => role === "user");
      const awaited: Entry = { id: event.id, role: "assistant", parts: [], state: "waiting" };
      return withEntries(chat, [...chat.entries.slice(0, last + 1), awaited]);
    }
    case "status-told":
      return (
        changeAnswer({ ...chat, status: event.status }, event.id, (answer) =>
          timeThinking(answer, event.status),
        ) ?? chat
      );
    case "answer-grown":
      return (
        changeAnswer(chat, event.id, (answer) => ({
          ...answer,
          parts: event.parts,
          metadata: event.metadata,
          state: event.parts.length === 0 ? answer.state : "streaming",
        })) ?? chat
      );
    case "answer-ended":
      return (
        changeAnswer(withEntries(chat, chat.entries), event.id, (answer) => ({
          ...endThinking(answer, event.at),
          state: event.state,
          ...(event.problem === undefined ? {} : { problem: event.problem }),
        })) ?? chat
      );
    case "chat-cleared":
      break;
  }
  return emptyChat(event.id);
}

/** The same chat with other entries, and no status: it belongs to an answer in progress. */
function withEntries({ id }: ChatState, entries: readonly Entry[]): ChatState {
  return { id, entries };
}

/** Undefined when the answer in progress is not this one. */
function changeAnswer(
  chat: ChatState,
  id: string,
  change: (answer: Entry) => Entry,
): ChatState | undefined {
  const answer = chat.entries.at(-1);
  if (answer?.id !== id || !isBusy(chat)) return undefined;
  return { ...chat, entries: [...chat.entries.slice(0, -1), change(answer)] };
}

function timeThinking(answer: Entry, { phase, at }: StatusData): Entry {
  if (phase !== "thinking") return endThinking(answer, at);
  return answer.thinkingSince === undefined ? { ...answer, thinkingSince: at } : answer;
}

function endThinking(answer: Entry, at: number): Entry {
  const { thinkingSince, thinkingMs } = answer;
  if (thinkingSince === undefined || thinkingMs !== undefined) return answer;
  return { ...answer, thinkingMs: Math.max(0, at - thinkingSince) };
}
