/** The grammars and what reads by them: a chunk of its own, loaded for the first block of code. */
import type { RootContent } from "hast";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import lua from "highlight.js/lib/languages/lua";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import nginx from "highlight.js/lib/languages/nginx";
import php from "highlight.js/lib/languages/php";
import powershell from "highlight.js/lib/languages/powershell";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import shell from "highlight.js/lib/languages/shell";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { createLowlight } from "lowlight";

const lowlight = createLowlight({
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  lua,
  makefile,
  markdown,
  nginx,
  php,
  powershell,
  python,
  r,
  ruby,
  rust,
  shell,
  sql,
  swift,
  typescript,
  xml,
  yaml,
});
lowlight.registerAlias({ javascript: ["json5", "jsonc"], css: ["scss", "less"], xml: ["vue"] });

export type Pieces = readonly Piece[];

/** A piece of a source: text, plain or of a kind (the names of its classes), or pieces of a kind. */
export interface Piece {
  /** Where it begins in the source. */
  readonly at: number;
  readonly kind?: string;
  readonly inside: string | Pieces;
}

/** The pieces of a source, or undefined for a language that is not known here: none is ever guessed. */
export function highlight(source: string, language: string): Pieces | undefined {
  const name = language.toLowerCase();
  if (!lowlight.registered(name)) return undefined;
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
