/** A Caddyfile as a tree, and the one printer that quotes: no other code writes Caddyfile text. */

/** `{http.request.uri}`: replaced by Caddy while it handles a request. */
interface Placeholder {
  readonly placeholder: string;
}

/** A regular expression: the only literal that may hold braces, and those only as repetition counts. */
interface Pattern {
  readonly pattern: string;
}

/** Placeholders and literals in one word. */
type Template = readonly (string | Placeholder)[];

export type Word = string | Placeholder | Pattern | Template;

export interface Block {
  /** Printed as one comment line above. */
  readonly comment?: string;
  /** The words of the line; none for the block of global options. */
  readonly keys: readonly Word[];
  readonly children?: readonly Block[];
}

/** Words that mean the same with and without quotes. */
const BARE = /^[A-Za-z0-9_./:@*+>-]+$/;
const PLACEHOLDER_NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/;
/** Controls, line ends, and invisible or unpaired characters: no quoting makes them visible. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;
const COUNT = /\{\d+(?:,\d*)?\}/g;

function refuse(text: string, reason: string): never {
  const visible = JSON.stringify(text).replaceAll(
    new RegExp(UNPRINTABLE, "gu"),
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  throw new Error(`Cannot write ${visible} into a Caddyfile: ${reason}`);
}

/** In Caddy's quotes only `\"` is an escape; every other backslash stands for itself. */
function checkLiteral(text: string): void {
  if (UNPRINTABLE.test(text)) refuse(text, "it holds a control or invisible character.");
  if (/[{}]/.test(text)) refuse(text, "braces would be read as a placeholder or a block.");
  if (text.includes("`")) refuse(text, "a backtick opens another kind of quotes.");
  if (/\\(?:"|$)/.test(text))
    refuse(text, "a backslash before a quote or at the end would escape the quote.");
}

function printPlaceholder({ placeholder }: Placeholder): string {
  if (!PLACEHOLDER_NAME.test(placeholder))
    refuse(placeholder, "it is not the name of a placeholder.");
  return `{${placeholder}}`;
}

function quote(text: string): string {
  return BARE.test(text) ? text : `"${text.replaceAll('"', String.raw`\"`)}"`;
}

function printTemplate(parts: Template): string {
  const text = parts.map((part) => {
    if (typeof part !== "string") return printPlaceholder(part);
    checkLiteral(part);
    if (/["\\]/.test(part))
      refuse(part, "quotes and backslashes are not taken beside a placeholder.");
    return part;
  });
  return `"${text.join("")}"`;
}

function printWord(word: Word): string {
  if (typeof word === "string") {
    checkLiteral(word);
    return quote(word);
  }
  if ("placeholder" in word) return printPlaceholder(word);
  if ("pattern" in word) {
    checkLiteral(word.pattern.replaceAll(COUNT, ""));
    return quote(word.pattern);
  }
  return printTemplate(word);
}

function printBlock({ comment, keys, children }: Block, indent: string): string[] {
  if (comment !== undefined && UNPRINTABLE.test(comment)) refuse(comment, "a comment is one line.");
  if (comment?.includes("{$"))
    refuse(comment, "Caddy expands the environment in comments as well.");
  if (keys.length === 0 && children === undefined) refuse("", "a line without words says nothing.");
  const head = keys.map(printWord).join(" ");
  const lines = comment === undefined ? [] : [`${indent}# ${comment}`];
  if (children === undefined) return [...lines, `${indent}${head}`];
  const inner = children.flatMap((child) => printBlock(child, `${indent}\t`));
  return [...lines, `${indent}${head === "" ? "" : `${head} `}{`, ...inner, `${indent}}`];
}

/**
 * Prints blocks as Caddyfile text, ending in a line end.
 *
 * @throws Error with the text and the reason, for what cannot be quoted safely.
 */
export function printCaddyfile(blocks: readonly Block[]): string {
  return `${blocks.flatMap((block) => printBlock(block, "")).join("\n")}\n`;
}
