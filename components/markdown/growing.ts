import type { Nodes, Root } from "mdast";
import { parseMarkdown, withoutEndingBlanks } from "./parse.ts";
import { repair, repairHead } from "./repair.ts";

type Leaf = Extract<Nodes, { type: "paragraph" | "heading" | "tableCell" }>;

interface GrowingTree {
  readonly root: Root;
  /** Where the text that is shown ends: what reaches until there may go on. */
  readonly end: number;
}

/**
 * The tree of a text that goes on. What is open in its last line of prose is closed, nothing else is
 * touched: code, formulas and all that came before stay as they are. `from` is where the text's own part
 * begins, after its definitions.
 */
export function growingTree(source: string, from: number): GrowingTree {
  const text = withoutEndingBlanks(source);
  const root = parseMarkdown(text, true);
  const end = text.trimEnd().length;
  const tree = { root, end };
  const leaf = lastLeaf(root);
  const start = leaf?.position?.start.offset;
  if (leaf === undefined || start === undefined || start < from) return tree;
  if (leaf.position?.end.offset !== end || endsInMaths(leaf)) return tree;
  const written = text.slice(start, end);
  const closed = repair(written);
  // Only at the very start of a block: elsewhere a second line would need its container's marks.
  const whole = leaf.type === "paragraph" && start === from ? repairHead(closed) : undefined;
  const repaired = whole ?? closed;
  if (repaired === written) return tree;
  const mended = text.slice(0, start) + repaired;
  return { root: parseMarkdown(mended, true), end: mended.trimEnd().length };
}

function lastLeaf(node: Nodes): Leaf | undefined {
  if (node.type === "paragraph" || node.type === "heading" || node.type === "tableCell") {
    return node;
  }
  const last = "children" in node ? node.children.at(-1) : undefined;
  return last === undefined ? undefined : lastLeaf(last);
}

function endsInMaths(leaf: Leaf): boolean {
  const last = leaf.children.at(-1);
  return last?.type === "inlineMath" && last.data?.closed !== true;
}
