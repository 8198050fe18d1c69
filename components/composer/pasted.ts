/** What a paste or a drop brought. */
export interface Pasted {
  readonly fileNames: readonly string[];
  /** Its plain text, where it has some. */
  readonly text: string;
}

/**
 * Whether the files of a paste are meant, and not its text. Word processors and spreadsheets add a picture of the
 * text they copy; file managers add the names of the files.
 */
export function meansFiles({ fileNames, text }: Pasted): boolean {
  if (fileNames.length === 0) return false;
  const lines = text
    .split(/[\r\n]+/u)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.every((line) =>
    fileNames.some((name) => line === name || line.endsWith(`/${name}`)),
  );
}
