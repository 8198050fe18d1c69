import type { RootContent } from "mdast";
import { definitionsIn } from "./definitions.ts";
import { parseMarkdown, withoutEndingBlanks } from "./parse.ts";

export interface Piece {
  /** Where it begins in the text: what tells it from the others for good. */
  readonly start: number;
  readonly source: string;
}

/** A text in blocks, so that what has settled is parsed and shown once. */
export interface Blocks {
  /** Sources that no text after them can change. */
  readonly settled: readonly Piece[];
  /** All of the settled, joined. */
  readonly settledText: string;
  /** What comes after them; may still become anything. */
  readonly tail: string;
  /** The tail as it looks now: its last one is the one that grows. */
  readonly growing: readonly Piece[];
  /** Sources of the link and footnote definitions among the settled. */
  readonly settledDefinitions: string;
  /** Those of the whole text: a definition is seen from everywhere, from before it too. */
  readonly definitions: string;
}

const NO_BLOCKS: Blocks = {
  settled: [],
  settledText: "",
  tail: "",
  growing: [],
  settledDefinitions: "",
  definitions: "",
};

/**
 * Splits a text. With the blocks of an earlier, shorter text only what came after them is parsed.
 * `settledText + tail` is always the text itself.
 *
 * A block has settled when another one follows it after a blank line (without one the next line may
 * still turn out to belong to it); after a list the first line of that other one must be complete too, or
 * begin with a letter (`-` may become another item). What a list, a fence or a table takes in after blank lines is part of the same block.
 */
export function settledBlocks(text: string, earlier: Blocks = NO_BLOCKS): Blocks {
  const known = text.startsWith(earlier.settledText) ? earlier : NO_BLOCKS;
  const rest = text.slice(known.settledText.length);
  // As it is shown, so that the same tree serves for both.
  const nodes = parseMarkdown(withoutEndingBlanks(rest), true).children;
  const piece = (from: number, to?: number): Piece => ({
    start: known.settledText.length + from,
    source: rest.slice(from, to),
  });
  const settled: Piece[] = [];
  const growing: Piece[] = [];
  let from = 0;
  let growingFrom = 0;
  for (const [index, node] of nodes.entries()) {
    const next = nodes[index + 1];
    const to = lineOf(next);
    if (to === undefined) break;
    growing.push(piece(growingFrom, to));
    growingFrom = to;
    if (hasSettled(rest, node, next)) {
      settled.push(...growing.splice(0));
      from = to;
    }
  }
  if (growingFrom < rest.length) growing.push(piece(growingFrom));
  const definitions = definitionsIn(nodes).filter((node) => isComplete(rest, node));
  const sources = (found: readonly RootContent[]) =>
    known.settledDefinitions + found.map((node) => `${sourceOf(rest, node)}\n\n`).join("");
  return {
    settled: settled.length === 0 ? known.settled : [...known.settled, ...settled],
    settledText: known.settledText + rest.slice(0, from),
    tail: rest.slice(from),
    growing,
    settledDefinitions: sources(definitions.filter((node) => endOf(node) <= from)),
    definitions: sources(definitions),
  };
}

/** Where the line begins on which a block does. */
function lineOf(node: RootContent | undefined): number | undefined {
  const begin = node?.position?.start;
  return begin?.offset === undefined ? undefined : begin.offset - (begin.column - 1);
}

function hasSettled(text: string, node: RootContent, next: RootContent | undefined): boolean {
  const begin = next?.position?.start;
  if (begin?.offset === undefined || node.position === undefined) return false;
  if (begin.line - node.position.end.line < 2) return false;
  if (text.indexOf("\n", begin.offset) !== -1) return true;
  // Of all that a blank line follows only a list can go on: with another item, which begins with no letter.
  return node.type !== "list" || /^\p{L}/u.test(text.slice(begin.offset, begin.offset + 2));
}

/** With its line at an end: each change of a definition is a new look at every block. */
function isComplete(text: string, definition: RootContent): boolean {
  return text.indexOf("\n", endOf(definition)) !== -1;
}

function endOf({ position }: RootContent): number {
  return position?.end.offset ?? Infinity;
}

function sourceOf(text: string, { position }: RootContent): string {
  return text.slice(position?.start.offset, position?.end.offset);
}
