import type { ChatSettings, Message } from "../../lib/store/records.ts";
import { textOf } from "./chat-state.ts";
import { bytesAsSent, bytesOfText } from "../composer/attach/budget.ts";

/** A message that has ended does not change: it is counted once. */
const counted = new WeakMap<Message, number>();

/** Bytes that a conversation takes in the next request, before what is being written is added. */
export function sentBytes(messages: readonly Message[], { system = "" }: ChatSettings): number {
  return messages.reduce((sum, message) => sum + bytesOf(message), bytesOfText(system));
}

function bytesOf(message: Message): number {
  const known = counted.get(message);
  if (known !== undefined) return known;
  const files = (message.attachments ?? []).reduce((sum, each) => sum + bytesAsSent(each), 0);
  const bytes = bytesOfText(textOf(message)) + files;
  counted.set(message, bytes);
  return bytes;
}
