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
