/** What reads code by grammars: a chunk of its own, loaded for the first block of code. */
import type { RootContent } from "hast";
import { createLowlight } from "lowlight";
import { GRAMMARS, grammarOf } from "./grammars.ts";

const lowlight = createLowlight();
const loading = new Map<string, Promise<void>>();

/**
 * Gets the grammar of a language, and those of what may stand inside of it; nothing for a language that is not
 * known here.
 * @throws Error when one does not come; the next call tries again
 */
export async function loadLanguage(language: string): Promise<void> {
  const name = grammarOf(language);
  if (name === undefined) return;
  const names = [name, ...(GRAMMARS.get(name)?.inside ?? [])];
  await Promise.all(names.map(loadGrammar));
}

function loadGrammar(name: string): Promise<void> {
  const load = async (): Promise<void> => {
    const grammar = await GRAMMARS.get(name)?.load();
    if (grammar !== undefined) lowlight.register(name, grammar.default);
  };
  const known = loading.get(name);
  if (known !== undefined) return known;
  const next = load();
  loading.set(name, next);
  next.catch(() => loading.delete(name));
  return next;
}

export type Pieces = readonly Piece[];

/** A piece of a source: text, plain or of a kind (the names of its classes), or pieces of a kind. */
export interface Piece {
  /** Where it begins in the source. */
  readonly at: number;
  readonly kind?: string;
  readonly inside: string | Pieces;
}

/** The pieces of a source, or undefined for a language that is not loaded, or not known here: none is ever guessed. */
export function highlight(source: string, language: string): Pieces | undefined {
  const name = grammarOf(language);
  if (name === undefined || !lowlight.registered(name)) return undefined;
  return piecesOf(lowlight.highlight(name, source, { prefix: "code-" }).children, 0);
}

function piecesOf(nodes: readonly RootContent[], from: number): Pieces {
  let at = from;
  return nodes.flatMap((node): Piece[] => {
    const begin = at;
    if (node.type === "text") {
      at += node.value.length;
      return [{ at: begin, inside: node.value }];
    }
    if (node.type !== "element") return [];
    const inside = piecesOf(node.children, begin);
    at += lengthOf(inside);
    const { className } = node.properties;
    return [{ at: begin, kind: Array.isArray(className) ? className.join(" ") : "", inside }];
  });
}

function lengthOf(inside: string | Pieces): number {
  if (typeof inside === "string") return inside.length;
  return inside.reduce((sum, piece) => sum + lengthOf(piece.inside), 0);
}
