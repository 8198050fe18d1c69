import type { ReactNode } from "react";
import { findMarks } from "./find-marks.ts";

interface MarkedTextProps {
  readonly text: string;
  /** Absent: nothing is looked for. */
  readonly words: string | undefined;
}

/** A text with what was looked for marked. */
export function MarkedText({ text, words }: MarkedTextProps): ReactNode {
  if (words === undefined) return text;
  let at = 0;
  return findMarks(text, words).map((piece) => {
    const key = at;
    at += piece.text.length;
    return piece.found ? <mark key={key}>{piece.text}</mark> : piece.text;
  });
}
