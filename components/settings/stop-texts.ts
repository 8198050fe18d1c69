import { STOP } from "./fields.ts";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\\": "\\" };

/** What a person wrote in one line, as it is looked for in an answer: `\n` is a new line, `\t` a tab. */
export function readStop(written: string): string {
  return written.replaceAll(/\\([nt\\])/gu, (_all, letter: string) => ESCAPES[letter] ?? letter);
}

/** The other way round. */
export function showStop(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** The list with one more, or why it cannot be taken: there are enough, or it is too long. Known ones stay single. */
export function addStop(
  stops: readonly string[],
  written: string,
): readonly string[] | "many" | "long" {
  const text = readStop(written);
  if (text === "" || stops.includes(text)) return stops;
  if (stops.length >= STOP.most) return "many";
  return text.length > STOP.longest ? "long" : [...stops, text];
}
