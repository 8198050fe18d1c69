import { memo, type ReactNode } from "react";
import { parseMarkdown } from "./parse.ts";
import { renderNodes } from "./render.tsx";

interface BlockProps {
  /** Markdown of one block or of several. */
  readonly source: string;
  /** Markdown of the definitions of the whole text. */
  readonly definitions: string;
}

/** Ends whatever a definition might go on with, and shows nothing. */
const FENCE = "<!-- -->\n\n";

/** A piece of an answer. Settled ones never render again, since their source stays the same. */
export const Block = memo(function Block({ source, definitions }: BlockProps): ReactNode {
  const prefix = definitions === "" ? "" : `${definitions}${FENCE}`;
  const tree = parseMarkdown(prefix + source);
  const own = tree.children.filter(
    ({ position }) => (position?.start.offset ?? 0) >= prefix.length,
  );
  return renderNodes(own, tree);
});
