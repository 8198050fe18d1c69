import type { ChatMessage } from "../chat.ts";
import { estimateTokens } from "./body-rules.ts";

/** What a vision model makes of one image, about. */
const TOKENS_AN_IMAGE = 768;
/** Template and role of a message. */
const TOKENS_A_MESSAGE = 4;

/** Tokens of a message, as a guess: Ollama alone can count them. */
function estimateMessage(message: ChatMessage): number {
  const images = message.images?.length ?? 0;
  const words = [message.content, message.tool_calls].map((part) =>
    part === undefined || part === "" ? 0 : estimateTokens(part),
  );
  return words.reduce((sum, each) => sum + each, TOKENS_A_MESSAGE + images * TOKENS_AN_IMAGE);
}

/** The same for a whole conversation. */
export function estimateMessages(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + estimateMessage(message), 0);
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
  const questions = talk.flatMap(({ role }, index) => (role === "user" ? [index] : []));
  const roomForTalk = room - estimateMessages(system);
  for (const first of questions) {
    const rest = talk.slice(first);
    if (estimateMessages(rest) > roomForTalk) continue;
    return { messages: [...system, ...rest], left: first };
  }
  return undefined;
}
