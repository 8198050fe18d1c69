/** A piece of a text; `found` where it is what was looked for. */
export interface MarkedPiece {
  readonly text: string;
  readonly found: boolean;
}

/**
 * A text cut where what was looked for begins and ends, without regard to case, width or accents: the words as one
 * phrase where the text has them so, else each word by itself. The pieces joined are the text.
 */
export function findMarks(text: string, words: string): readonly MarkedPiece[] {
  const characters = charactersOf(text);
  const folded = characters.map(fold);
  const phrase = foldAll(words.trim());
  const whole = markedCharacters(folded, [phrase]);
  const marked = whole.includes(true)
    ? whole
    : markedCharacters(folded, phrase.split(/\s+/u).filter(Boolean));
  const pieces: { text: string; found: boolean }[] = [];
  for (const [index, character] of characters.entries()) {
    const found = marked[index] === true;
    const last = pieces.at(-1);
    if (last?.found === found) last.text += character;
    else pieces.push({ text: character, found });
  }
  return pieces;
}

/** For each character, whether one of the needles covers it. */
function markedCharacters(folded: readonly string[], needles: readonly string[]): boolean[] {
  const marked = folded.map(() => false);
  // A character can fold to several letters, and to none.
  const owners = folded.flatMap((letters, index) => Array.from(letters, () => index));
  const letters = folded.flatMap((character) => Array.from(character));
  for (const needle of needles.map((words) => Array.from(words))) {
    if (needle.length === 0) continue;
    for (let start = 0; start + needle.length <= letters.length; start += 1) {
      if (!needle.every((letter, offset) => letters[start + offset] === letter)) continue;
      for (let offset = 0; offset < needle.length; offset += 1) {
        const owner = owners[start + offset];
        if (owner !== undefined) marked[owner] = true;
      }
    }
  }
  return marked;
}

const foldAll = (text: string) => charactersOf(text).map(fold).join("");

/** Composed again at the end, so that a Hangul syllable stays one letter and its vowel is no accent. */
function fold(character: string): string {
  return character.normalize("NFKD").replaceAll(/\p{M}/gu, "").normalize("NFC").toLowerCase();
}

const ASCII = /^[\n\r -~]*$/u;
const segmenter = new Intl.Segmenter();

/** As a reader counts them: a letter and the accents typed after it are one. */
function charactersOf(text: string): string[] {
  // Most texts, and many times quicker.
  if (ASCII.test(text)) return Array.from(text);
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
