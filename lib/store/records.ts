/** A chat as this browser keeps it, and as the page holds it: a tree of messages and what they are asked with. */
import type { NoticeData, ReplyMetadata, Think } from "../chat.ts";
import type { Link } from "../error-table.ts";

export type MessageState = "waiting" | "streaming" | "done" | "stopped" | "interrupted" | "failed";

/** How an answer can end. */
export type EndState = Exclude<MessageState, "waiting" | "streaming">;

/** A piece of a message, in the order it came. */
export type Part =
  | { readonly id: string; readonly type: "text" | "thinking"; readonly text: string }
  | { readonly id: string; readonly type: "notice"; readonly notice: NoticeData };

/** A file that goes with a question. */
export interface Attachment {
  readonly id: string;
  readonly kind: "image" | "text";
  readonly name: string;
  readonly mediaType: string;
  /** As it is sent: a `data:` URL in base64 of an image, the text itself of a text file. */
  readonly data: string;
}

/**
 * What went wrong, as the page shows it: the error object of the app, or one made in the page.
 * `code` is open, since the app may be newer than the page.
 */
export interface Problem {
  readonly code: string;
  readonly link: Link;
  readonly message: string;
  readonly fix: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  readonly requestId?: string;
}

/** What is known of the GPU after Stop, never more than the app told. */
export type Release =
  | { readonly state: "asked" }
  /** Milliseconds from Stop's arrival at the app until the door's connection was closed. */
  | { readonly state: "released"; readonly ms: number }
  /** It was stopped before the model was asked. */
  | { readonly state: "unasked" }
  | { readonly state: "unknown" };

export interface Message {
  readonly id: string;
  /** The message before it; absent: the first of its chat. Several with one parent are branches. */
  readonly parentId?: string;
  readonly role: "user" | "assistant";
  readonly parts: readonly Part[];
  readonly attachments?: readonly Attachment[];
  readonly state: MessageState;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly metadata?: ReplyMetadata;
  readonly problem?: Problem;
  readonly release?: Release;
  /** Milliseconds since the request began. */
  readonly thinkingSince?: number;
  /** Milliseconds; absent while it goes on. */
  readonly thinkingMs?: number;
}

/** What each question of a chat is asked with; absent means the model's own default. */
export interface ChatSettings {
  /** Absent: the app's default. */
  readonly model?: string;
  readonly system?: string;
  readonly think?: Think;
  /** Runner options by Ollama's names: `temperature`, `num_ctx`, ... */
  readonly options?: Readonly<Record<string, number | readonly string[]>>;
  /** When the conversation is longer than the model's context. */
  readonly context?: "refuse" | "trim";
}

/** What the list of chats shows. */
export interface ChatSummary {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly pinned: boolean;
}

export interface StoredChat extends ChatSummary {
  /** Given by the person: an answer's first words no longer change it. */
  readonly renamed: boolean;
  readonly settings: ChatSettings;
  /** When they were last changed, milliseconds since 1970; absent: never. */
  readonly settingsAt?: number;
  /** The newest message of the branch in view; absent while nothing was said. */
  readonly leafId?: string;
}
