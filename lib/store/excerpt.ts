import { fold } from "./fold.ts";
import { graphemesOf } from "./graphemes.ts";

/** In UTF-16 units, before and after the start of the find. */
const BEFORE = 40;
const AFTER = 120;

/** Letters come apart at most here when the excerpt is cut: longer than any emoji family. */
const SEAM = 32;

/**
 * The words around the first find of a folded word, on one line, cut between characters as a reader takes them.
 *
 * @param folded the folded text, where it is known
 * @returns undefined when the word does not occur
 */
export function excerptOf(text: string, word: string, folded = fold(text)): string | undefined {
  const at = folded.indexOf(word);
  if (at === -1) return undefined;
  // Most texts are as long as before when they are folded.
  const isSame = fold(text.slice(at, at + word.length)) === word;
  const find = isSame ? at : unfold(text, at);
  const start = Math.max(0, find - BEFORE);
  const end = Math.min(text.length, find + AFTER);
  const words = `${lead(text, start, find)}${tail(text, find, end)}`.replace(/\s+/gu, " ").trim();
  return `${start > 0 ? "…" : ""}${words}${end < text.length ? "…" : ""}`;
}

/** Where in the text the folded one comes to `position`. */
function unfold(text: string, position: number): number {
  let low = 0;
  let high = text.length;
  // The greatest start that folds to no more than `position` units.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fold(text.slice(0, middle)).length <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** From about `start` to `end`, without a character of which the beginning is not there. */
function lead(text: string, start: number, end: number): string {
  if (start === 0) return text.slice(0, end);
  const seam = Math.max(0, start - SEAM);
  let at = seam;
  const graphemes = graphemesOf(text.slice(seam, end)).filter((grapheme) => {
    at += grapheme.length;
    return at - grapheme.length >= start;
  });
  return graphemes.join("");
}

/** From `start` to about `end`, without a character of which the end is not there. */
function tail(text: string, start: number, end: number): string {
  if (end === text.length) return text.slice(start);
  let at = start;
  const graphemes = graphemesOf(text.slice(start, end + SEAM)).filter((grapheme) => {
    at += grapheme.length;
    return at <= end;
  });
  return graphemes.join("");
}
