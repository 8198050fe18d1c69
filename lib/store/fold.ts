/** ASCII needs nothing but lower case, and most of what is searched is ASCII. */
const BEYOND_ASCII = /[^ -~\s]/u;

/**
 * Accents, and the vowel signs that Arabic and Hebrew readers leave out. Not every combining mark: those of Japanese
 * and of the Indic scripts make other letters.
 */
const MARKS =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/gu;

/** Characters without a width or a sound of their own. */
const INVISIBLE = /\u00ad|\u0640|\u200b|\u2060|[\u{fe00}-\u{fe0f}]|\ufeff/gu;

/** Letters with a stroke, which Unicode does not take apart, and the sigma at the end of a word. */
const PLAIN: Readonly<Record<string, string>> = { ł: "l", ø: "o", đ: "d", ς: "σ" };

/** A text as it is searched: compatible forms, case and accents made equal. */
export function fold(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
  return (
    text
      .normalize("NFKD")
      // By way of upper case, so that ß is ss and ſ is s.
      .toUpperCase()
      .toLowerCase()
      .replace(MARKS, "")
      .replace(INVISIBLE, "")
      .replace(/[łøđς]/gu, (letter) => PLAIN[letter] ?? letter)
      // Korean syllables and Japanese letters become whole again, so that no part of one is found.
      .normalize("NFC")
  );
}

/** The words of a query, folded; each of them has to occur. */
export function wordsOf(query: string): string[] {
  return [...new Set(fold(query).split(/\s+/u))].filter((word) => word !== "");
}
