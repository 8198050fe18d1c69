import { BLOCKS, words } from "./blocks.ts";

/** What an answer ends with, and nothing else says. */
export const END_MARK = "The end, 4711.";

/** Characters (code points) of every token. */
const TOKEN_LENGTH = 4;

const lengthOf = (text: string): number => Array.from(text).length;

/** A heading at every fourth block. */
function block(index: number): string {
  const text = BLOCKS[index % BLOCKS.length]?.(index + 1) ?? "";
  const level = "#".repeat(2 + (Math.floor(index / 4) % 2));
  return index % 4 === 0 ? `${level} Part ${index + 1}\n\n${text}` : text;
}

/** Plain prose of exactly so many characters. */
function filling(length: number): string {
  const text = words(length, Math.ceil(length / 2) + 1).slice(0, length);
  // Spaces at the end of a line would be marks.
  return text.replace(/\s+$/u, (spaces) => "x".repeat(spaces.length));
}

/**
 * An answer of exactly so many tokens of four characters: rich Markdown, always the same, that ends with
 * `END_MARK` as a paragraph of its own.
 */
export function richText(tokens: number): string {
  const wanted = tokens * TOKEN_LENGTH - lengthOf(`\n\n${END_MARK}`);
  if (wanted < 0) throw new Error(`An answer of ${tokens} tokens has no place for its end.`);
  let text = "";
  let length = 0;
  for (let index = 0; ; index += 1) {
    const next = `${block(index)}\n\n`;
    if (length + lengthOf(next) > wanted) break;
    text += next;
    length += lengthOf(next);
  }
  return `${text}${filling(wanted - length)}\n\n${END_MARK}`;
}

/** The same answer, piece by piece, as an engine says it. */
export function richTokens(tokens: number): readonly string[] {
  return richText(tokens).match(/[\s\S]{4}/gu) ?? [];
}
