import type { Nodes, Root } from "mdast";

/** What a node is shown in. */
export interface Surroundings {
  readonly root: Root;
  /** Where the shown text begins; the definitions before it come and go. */
  readonly from: number;
  /** Where a text that grows ends; undefined for one that does not. */
  readonly end: number | undefined;
}

/** A node stays the same element for as long as it begins at the same place. */
export function keyOf({ position }: Nodes, index: number, { from }: Surroundings): number {
  return position?.start.offset === undefined ? index : position.start.offset - from;
}

/** Whether what follows may still belong to the node. */
export function mayGoOn({ position }: Nodes, { end }: Surroundings): boolean {
  return end !== undefined && (position?.end.offset ?? 0) >= end;
}
