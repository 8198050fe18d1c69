import type { ReplyMetadata } from "../../lib/chat.ts";
import type { Part } from "../../lib/store/records.ts";

/**
 * What an answer that goes on consists of: the parts it had, then the new ones. Its last words and the
 * first new ones are one text, since the model was asked to go on in the midst of it.
 */
export function joinParts(before: readonly Part[], grown: readonly Part[]): readonly Part[] {
  if (before.length === 0) return grown;
  const [first, ...rest] = grown;
  const last = before.at(-1);
  const others = (parts: readonly Part[], from: number): Part[] =>
    parts.map((part, index) => ({ ...part, id: String(from + index) }));
  if (first?.type === "text" && last?.type === "text") {
    const joined: Part = { ...last, text: last.text + first.text };
    return [...before.slice(0, -1), joined, ...others(rest, before.length)];
  }
  return [...before, ...others(grown, before.length)];
}

/**
 * What is known of an answer that goes on, as a whole: its tokens and its time are those of both requests, its prompt
 * and its first word were the first one's (the second one was sent the words so far, too), its rate is the last one's.
 */
export function joinMetadata(
  before: ReplyMetadata | undefined,
  grown: ReplyMetadata,
): ReplyMetadata {
  if (before === undefined) return grown;
  const { firstTokenMs, promptTokens, estimated } = before;
  const completionTokens = sum(before.completionTokens, grown.completionTokens);
  const totalMs = sum(before.totalMs, grown.totalMs);
  return {
    ...grown,
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(completionTokens === undefined ? {} : { completionTokens }),
    ...(totalMs === undefined ? {} : { totalMs }),
    ...(estimated === undefined ? {} : { estimated }),
  };
}

/** Of what is known. */
function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (other ?? one) : one + other;
}
