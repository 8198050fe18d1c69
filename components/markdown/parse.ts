import type { Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { cjkFriendlyExtension } from "micromark-extension-cjk-friendly";
import { gfm } from "micromark-extension-gfm";
import { mathsSyntax, mathsTree } from "./maths/tree.ts";

// "10~20, 30~40" are ranges, nothing that was struck out.
const EXTENSIONS = [gfm({ singleTilde: false }), cjkFriendlyExtension()];
const TREE_EXTENSIONS = [gfmFromMarkdown(), mathsTree];

let last: { readonly source: string; readonly growing: boolean; readonly tree: Root } | undefined;

/**
 * Markdown as a tree: CommonMark, GFM, emphasis that works beside Korean, Chinese and Japanese, maths.
 * In a growing text a formula that is open at its end is one already. The last tree is kept: a frame asks
 * for the same text twice, to settle its blocks and to show it.
 */
export function parseMarkdown(source: string, growing = false): Root {
  if (last?.source === source && last.growing === growing) return last.tree;
  const tree = fromMarkdown(source, {
    extensions: [...EXTENSIONS, mathsSyntax(growing ? source.trimEnd().length : undefined)],
    mdastExtensions: TREE_EXTENSIONS,
  });
  last = { source, growing, tree };
  return tree;
}

const BLANKS_AT_END = /(?<=\S)[ \t]+$/u;

/** Blanks at the end of a growing text would part its last word from the end. */
export function withoutEndingBlanks(text: string): string {
  return text.replace(BLANKS_AT_END, "");
}
