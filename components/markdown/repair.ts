import remend, { type RemendOptions } from "remend";

const CODE: RemendOptions = {
  bold: false,
  boldItalic: false,
  comparisonOperators: false,
  htmlTags: false,
  images: false,
  inlineCode: true,
  inlineKatex: false,
  italic: false,
  katex: false,
  links: false,
  setextHeadings: false,
  singleTilde: false,
  strikethrough: false,
};
const MARKS: RemendOptions = {
  ...CODE,
  bold: true,
  boldItalic: true,
  inlineCode: false,
  italic: true,
  setextHeadings: true,
  strikethrough: true,
};

/** A mark with nothing after it yet: what it will begin is not known. */
const DANGLING = /(?<=^|[\s([{|"'])(?:\*{1,3}|_{1,3}|~{1,2}|`{1,2}|\$|!|\\|\*\*`|!?\[)$/u;
/** `[`, `[x`, `[x]` at the start of a list's item, `[a]:` at that of a definition. */
const BEFORE_MEANING = /^\[(?:[ xX]?\]?|[^\]\n]*\]:[ \t]*)$/u;
const HALF_IMAGE = /!\[[^\]\n]*(?:\](?:\([^)\n]*)?)?$/u;
const HALF_ADDRESS = /\[((?:[^[\]\n]|\[[^[\]\n]*\])*)\]\([^)\n]*$/u;
const HALF_FOOTNOTE = /\[\^[^\]\n]*$/u;
const HALF_TEXT = /(?<![\p{L}\p{N}\]])\[([^[\]\n]*)$/u;

/**
 * The text of a paragraph, a heading or a cell that is still being written, with its open marks closed:
 * `**bold` is bold before its end has come. Of a link that is not whole the text is there and nothing to
 * click; of an image nothing is. What is already whole stays as it is.
 */
export function repair(text: string): string {
  if (BEFORE_MEANING.test(text)) return "";
  const certain = text.replace(DANGLING, "");
  const withCode = remend(certain, CODE);
  const links = withCode === certain ? wholeLinks(certain) : withCode;
  return remend(links, MARKS);
}

function wholeLinks(text: string): string {
  return text
    .replace(HALF_IMAGE, "")
    .replace(HALF_ADDRESS, "$1")
    .replace(HALF_FOOTNOTE, "")
    .replace(HALF_TEXT, "$1");
}

const HEAD = /^\|(?<cells>[^\n]*[^\s|\n][^\n]*?)\|?(?:\n[|:\- \t]*)?$/u;

/** Lines that are about to become a table as the table they become; undefined for others. */
export function repairHead(paragraph: string): string | undefined {
  const cells = HEAD.exec(paragraph)?.groups?.["cells"];
  if (cells === undefined) return undefined;
  const columns = cells.replaceAll(/\\\||`[^`]*`/gu, "").split("|").length;
  return `|${cells}|\n|${"---|".repeat(columns)}`;
}
