import { graphemesOf } from "./graphemes.ts";

/** Characters as a reader counts them, the ellipsis included. */
const LONGEST = 60;

/** Enough for a title whatever marks are taken away, and a bound for the expressions below. */
const LINE_LENGTH = 1000;

const FENCE = /^\s*(?:`{3,}|~{3,})/u;
const WORDS = /[\p{Letter}\p{Number}]/u;

/** Applied in this order, until nothing is left of them at the start. */
const LEADING_MARKS = /^(?:\s|#{1,6}\s|>|[-+*]\s+(?:\[[ xX]\]\s)?|\d{1,9}[.)]\s)+/u;

const MARKS: readonly (readonly [RegExp, string])[] = [
  // Links and images keep their words.
  [/!?\[([^\][]*)\]\([^()\s]*(?:\s+"[^"]*")?\)/gu, "$1"],
  [/(\*{1,3}|~~|`+)(?=\S)(.*?\S)\1/gu, "$2"],
  // snake_case is no emphasis.
  [/(?<![\p{Letter}\p{Number}_])(_{1,3})(?=\S)(.*?\S)\1(?![\p{Letter}\p{Number}_])/gu, "$2"],
  [/\s+/gu, " "],
];

/**
 * A title from the first question of a chat: its first line with words, outside of code where there is one, without
 * Markdown's marks, cut at a word. Empty when the question has no text.
 */
export function titleOf(question: string): string {
  const lines = linesOf(question);
  const line =
    lines.find(({ text, code }) => !code && WORDS.test(text)) ??
    lines.find(({ text }) => WORDS.test(text)) ??
    lines.find(({ text }) => text !== "");
  return line === undefined ? "" : cut(line.text);
}

function linesOf(question: string): { readonly text: string; readonly code: boolean }[] {
  let code = false;
  return question.split(/\r\n?|\n/u).flatMap((line) => {
    if (FENCE.test(line)) {
      code = !code;
      return [];
    }
    const start = line.trim().slice(0, LINE_LENGTH);
    return [{ text: code ? start.replace(/\s+/gu, " ") : withoutMarks(start), code }];
  });
}

function withoutMarks(line: string): string {
  const words = line.replace(LEADING_MARKS, "");
  return MARKS.reduce((text, [mark, rest]) => text.replace(mark, rest), words).trim();
}

function cut(text: string): string {
  const graphemes = graphemesOf(text);
  if (graphemes.length <= LONGEST) return text;
  const start = graphemes.slice(0, LONGEST - 1);
  const space = graphemes[LONGEST - 1] === " " ? start.length : start.lastIndexOf(" ");
  // Where words are long, or written without spaces, the cut goes through them.
  const end = space > LONGEST / 2 ? space : start.length;
  return `${start
    .slice(0, end)
    .join("")
    .replace(/[\s,.;:!?、。，]+$/u, "")}…`;
}
