import { memo, type ReactNode } from "react";
import { growingTree } from "./growing.ts";
import { parseMarkdown } from "./parse.ts";
import { isDeep } from "./depth.ts";
import { renderNodes } from "./render.tsx";

interface BlockProps {
  /** Markdown of one block or of several. */
  readonly source: string;
  /** Markdown of the definitions of the whole text. */
  readonly definitions: string;
  /** More of it may come. */
  readonly growing?: boolean;
}

/** Ends whatever a definition might go on with, and shows nothing. */
const FENCE = "<!-- -->\n\n";

/** A piece of an answer. Settled ones never render again, since their source stays the same. */
export const Block = memo(function Block({
  source,
  definitions,
  growing = false,
}: BlockProps): ReactNode {
  // Nothing in it refers to anything.
  const prefix = definitions === "" || !source.includes("[") ? "" : `${definitions}${FENCE}`;
  const text = prefix + source;
  const { root, end } = growing
    ? growingTree(text, prefix.length)
    : { root: parseMarkdown(text), end: undefined };
  const own = root.children.filter(
    ({ position }) => (position?.start.offset ?? 0) >= prefix.length,
  );
  // So deep a tree no person wrote, and a browser may not survive its layout.
  if (own.some((node) => isDeep(node))) return <div className="plain">{source}</div>;
  return renderNodes(own, { root, from: prefix.length, end });
});
