/** An nginx configuration as a tree, and the one printer that quotes: no other code writes its text. */

/** `$request_uri`: replaced by nginx while it handles a request; a digit is what a pattern caught. */
interface Variable {
  readonly variable: string;
}

/** A regular expression: the only text that may hold `$`, as its end, and braces, as counts. */
interface Pattern {
  readonly pattern: string;
}

/** Variables and literals in one word. */
type Template = readonly (string | Variable)[];

/** A line of JSON for `log_format`: names, and the variables whose values stand there as text or as numbers. */
interface LogLine {
  readonly texts: Readonly<Record<string, string>>;
  readonly numbers: Readonly<Record<string, string>>;
}

export type Word = string | Variable | Pattern | Template | { readonly json: LogLine };

export interface Block {
  /** Printed as one comment line above. */
  readonly comment?: string;
  /** The words of the line, its directive first. */
  readonly keys: readonly Word[];
  readonly children?: readonly Block[];
}

/** Words that mean the same with and without quotes. */
const BARE = /^[A-Za-z0-9_./:@*+=?-]+$/;
const VARIABLE_NAME = /^(?:[a-z][a-z0-9_]*|[1-9])$/;
const FIELD_NAME = /^[A-Za-z]+$/;
/** Controls, line ends, and invisible or unpaired characters: no quoting makes them visible. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;
const COUNT = /\{\d+(?:,\d*)?\}/g;
/** Nothing but the end of the text, wherever it may stand. */
const END = /\$(?=[)|]|$)/g;
/** nginx reads no longer word. */
const LONGEST = 4000;

function refuse(text: string, reason: string): never {
  const visible = JSON.stringify(text.slice(0, 200)).replaceAll(
    new RegExp(UNPRINTABLE, "gu"),
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  throw new Error(`Cannot write ${visible} into nginx's configuration: ${reason}`);
}

/** What means something to nginx even within quotes, or would where a quote is forgotten. */
function checkText(text: string): void {
  if (UNPRINTABLE.test(text)) refuse(text, "it holds a control or invisible character.");
  if (/["'`]/.test(text)) refuse(text, "quotes are not taken.");
  if (text.includes("\\")) refuse(text, "backslashes are not taken.");
  if (text.includes(";")) refuse(text, "a semicolon ends a line.");
  if (/[{}]/.test(text)) refuse(text, "braces open and close blocks and variables.");
  if (text.includes("$")) refuse(text, "a dollar sign would be read as a variable.");
  if (Buffer.byteLength(text) > LONGEST) refuse(text, "it is too long for one word.");
}

function checkLiteral(text: string): void {
  checkText(text);
  if (text.startsWith("~")) refuse(text, "a tilde would make it a regular expression.");
}

function checkName({ variable }: Variable): string {
  if (!VARIABLE_NAME.test(variable)) refuse(variable, "it is not the name of a variable.");
  return variable;
}

function printPattern({ pattern }: Pattern): string {
  checkText(pattern.replaceAll(COUNT, "").replaceAll(END, ""));
  try {
    void new RegExp(pattern.replace(/^~/, ""));
  } catch {
    refuse(pattern, "it is not a regular expression.");
  }
  return `"${pattern}"`;
}

function printTemplate(parts: Template): string {
  const text = parts.map((part, index) => {
    if (typeof part !== "string") {
      const name = checkName(part);
      // what was caught has no spelling with braces, and ends after its one digit
      return /^\d$/.test(name) ? `$${name}` : `\${${name}}`;
    }
    if (index === 0) checkLiteral(part);
    else checkText(part);
    return part;
  });
  return `"${text.join("")}"`;
}

/** nginx itself escapes the values, with `escape=json`. */
function printLogLine({ texts, numbers }: LogLine): string {
  const field = (name: string, variable: string, quotes: string): string => {
    if (!FIELD_NAME.test(name)) refuse(name, "it is not the name of a field.");
    return `"${name}":${quotes}$${checkName({ variable })}${quotes}`;
  };
  const fields = [
    ...Object.entries(texts).map(([name, variable]) => field(name, variable, '"')),
    ...Object.entries(numbers).map(([name, variable]) => field(name, variable, "")),
  ];
  return `'{${fields.join(",")}}'`;
}

function printWord(word: Word): string {
  if (typeof word === "string") {
    checkLiteral(word);
    return BARE.test(word) ? word : `"${word}"`;
  }
  if ("variable" in word) return `$${checkName(word)}`;
  if ("pattern" in word) return printPattern(word);
  if ("json" in word) return printLogLine(word.json);
  return printTemplate(word);
}

function printBlock({ comment, keys, children }: Block, indent: string): string[] {
  if (comment !== undefined && UNPRINTABLE.test(comment)) refuse(comment, "a comment is one line.");
  if (keys.length === 0) refuse("", "a line without words says nothing.");
  const head = `${indent}${keys.map(printWord).join(" ")}`;
  const lines = comment === undefined ? [] : [`${indent}# ${comment}`];
  if (children === undefined) return [...lines, `${head};`];
  const inner = children.flatMap((child) => printBlock(child, `${indent}\t`));
  return [...lines, `${head} {`, ...inner, `${indent}}`];
}

/**
 * Prints blocks as nginx's configuration, ending in a line end.
 *
 * @throws Error with the text and the reason, for what cannot be quoted safely.
 */
export function printNginx(blocks: readonly Block[]): string {
  return blocks.map((block) => `${printBlock(block, "").join("\n")}\n`).join("");
}
