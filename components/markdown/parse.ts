import type { Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { mathFromMarkdown } from "mdast-util-math";
import { cjkFriendlyExtension } from "micromark-extension-cjk-friendly";
import { gfm } from "micromark-extension-gfm";
import { math } from "micromark-extension-math";

const EXTENSIONS = [gfm(), cjkFriendlyExtension(), math()];
const TREE_EXTENSIONS = [gfmFromMarkdown(), mathFromMarkdown()];

let last: { readonly source: string; readonly tree: Root } | undefined;

/**
 * Markdown as a tree: CommonMark, GFM, emphasis that works beside Korean, Chinese and Japanese, maths.
 * The last tree is kept: a frame asks for the same text twice, to settle its blocks and to show it.
 */
export function parseMarkdown(source: string): Root {
  if (last?.source === source) return last.tree;
  const tree = fromMarkdown(source, {
    extensions: EXTENSIONS,
    mdastExtensions: TREE_EXTENSIONS,
  });
  last = { source, tree };
  return tree;
}
