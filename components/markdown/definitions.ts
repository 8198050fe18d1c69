import type { Definition, FootnoteDefinition, Nodes } from "mdast";

/** The definitions of links and footnotes in a tree, wherever they stand, in the order of the text. */
export function definitionsIn(nodes: readonly Nodes[]): (Definition | FootnoteDefinition)[] {
  return nodes.flatMap((node) => {
    if (node.type === "definition" || node.type === "footnoteDefinition") return [node];
    return "children" in node ? definitionsIn(node.children) : [];
  });
}
