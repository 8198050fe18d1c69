let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for single characters: a family emoji, a letter with its accents, a Hangul syllable. */
export function graphemesOf(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
