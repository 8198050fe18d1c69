/** The typesetter, its styles and fonts: a chunk of its own, loaded for the first formula. */
import { render, type KatexOptions } from "katex";
import "katex/dist/katex.min.css";

/** What a formula may do: no links, no addresses, nothing larger than the answer, no endless macros. */
export const LIMITS: KatexOptions = {
  trust: false,
  maxExpand: 500,
  maxSize: 12,
  errorColor: "currentcolor",
  // Refused formulas are shown as their source, by us.
  throwOnError: true,
  // Letters of other scripts in a formula are no reason for words in the console.
  strict: "ignore",
  output: "htmlAndMathml",
};

/** A formula as nodes, MathML for readers among them; undefined where the source is no formula. */
export function setFormula(source: string, display: boolean): DocumentFragment | undefined {
  const place = document.createElement("span");
  try {
    render(source, place, { ...LIMITS, displayMode: display });
  } catch {
    return undefined;
  }
  const formula = document.createDocumentFragment();
  formula.append(...place.childNodes);
  return formula;
}
