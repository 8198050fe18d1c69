import type { Message } from "../../lib/store/records.ts";

/** What a person can do with a message; the same object while the chat is in view. */
export interface MessageActions {
  readonly regenerate: (answer: Message) => void;
  readonly continue: (answer: Message) => void;
  /** Asks `text` in place of a question. */
  readonly edit: (question: Message, text: string) => void;
  /** Brings the branch of a message into view. */
  readonly show: (id: string) => void;
}
