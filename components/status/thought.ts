const HINT_CHARACTERS = 90;
/** Enough to hold the hint however many spaces stand between its words. */
const LOOKED_AT = 600;
const PIECE_CHARACTERS = 2000;

/**
 * The end of the text on one line; half a word at its beginning is left out. Looks at the end only, however long the
 * text has grown.
 */
export function newestWords(text: string): string {
  const line = text.slice(-LOOKED_AT).replaceAll(/\s+/gu, " ").trim();
  if (line.length <= HINT_CHARACTERS && text.length <= LOOKED_AT) return line;
  const end = line.slice(-HINT_CHARACTERS);
  // Without spaces, as in Japanese, the cut may have gone through a character of two halves.
  return `… ${end.slice(end.indexOf(" ") + 1).replace(/^\p{Surrogate}/u, "")}`;
}

/**
 * The text in pieces that end with a line. A text that grows changes its last piece only, so that a browser lays out
 * no more than that.
 */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (text.length - start > PIECE_CHARACTERS) {
    const end = text.indexOf("\n", start + PIECE_CHARACTERS);
    if (end === -1) break;
    pieces.push(text.slice(start, end));
    start = end + 1;
  }
  pieces.push(text.slice(start));
  return pieces;
}
