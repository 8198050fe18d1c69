import type { ChatMessage, ChatRequest } from "../chat.ts";
import { estimateTokens } from "./body-rules.ts";

/** Template and role of a message. */
const TOKENS_A_MESSAGE = 4;

/** Tokens of a message, as a guess: Ollama alone can count them. */
function estimateMessage(message: ChatMessage): number {
  const { content, tool_calls: calls, images } = message;
  const words = estimateTokens(content) + estimateTokens(calls) + estimateTokens(images, "images");
  return TOKENS_A_MESSAGE + words;
}

/** The same for a whole conversation. */
export function estimateMessages(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + estimateMessage(message), 0);
}

/** And with the tools that are described to the model. */
export function estimateChat({ messages, tools }: Pick<ChatRequest, "messages" | "tools">): number {
  return Math.ceil(estimateMessages(messages) + estimateTokens(tools));
}

/**
 * Leaves out the oldest messages until the rest is estimated to fit. What the system says and everything from the
 * last question on stay; what remains begins with a question, so that no answer or tool's result stands alone.
 *
 * @param room tokens, in the measure of `estimateMessage`
 * @returns the rest and how many were left out; undefined when even the last question does not fit
 */
export function trimMessages(
  messages: readonly ChatMessage[],
  room: number,
): { readonly messages: readonly ChatMessage[]; readonly left: number } | undefined {
  const system = messages.filter(({ role }) => role === "system");
  const talk = messages.filter(({ role }) => role !== "system");
  // From the end, each message estimated once: a conversation may have thousands.
  let roomLeft = room - estimateMessages(system);
  let kept: number | undefined;
  for (const [index, message] of [...talk.entries()].toReversed()) {
    roomLeft -= estimateMessage(message);
    if (roomLeft < 0) break;
    if (message.role === "user") kept = index;
  }
  return kept === undefined
    ? undefined
    : { messages: [...system, ...talk.slice(kept)], left: kept };
}
