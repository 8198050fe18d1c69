import type { Nodes } from "mdast";

/** Lists, quotes and emphasis within each other. */
const DEEPEST = 60;

/** Whether a tree is deeper than anything a person would read. */
export function isDeep(node: Nodes, left = DEEPEST): boolean {
  if (left === 0) return true;
  return "children" in node && node.children.some((child) => isDeep(child, left - 1));
}
