import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { idleQueue } from "./idle-queue.ts";
import { Kept } from "./kept.ts";
import { typesetter } from "./maths/typesetter.ts";

/** Longer ones stay source: no person reads them, and setting them holds the page up. */
const LONGEST = 4000;
/** From here on an inline formula may be wider than a phone. */
const WIDE = 32;

const kept = new Kept<DocumentFragment>(300);

interface MathsProps {
  /** TeX. */
  readonly source: string;
  readonly display: boolean;
  /** No more of it will come. */
  readonly closed: boolean;
}

/**
 * A formula: its source until it is closed and set, and for good where it cannot be set. What is set is no
 * React element: it is made of nodes, since markup with styles in it would not pass the page's policy.
 */
export function Maths({ source, display, closed }: MathsProps): ReactNode {
  const place = useRef<HTMLSpanElement>(null);
  const [shown, setShown] = useState("");
  const key = `${display ? "display" : "inline"} ${source}`;
  const wanted = closed && source.trim() !== "" && source.length <= LONGEST;
  useLayoutEffect(() => {
    if (!wanted) return undefined;
    let active = true;
    let callOff: (() => void) | undefined;
    const show = (formula: DocumentFragment) => {
      place.current?.replaceChildren(formula.cloneNode(true));
      setShown(key);
    };
    const known = kept.get(key);
    if (known !== undefined) {
      show(known);
      return undefined;
    }
    const set = () => {
      if (!active) return;
      callOff = idleQueue.add(() => {
        const formula = kept.get(key) ?? typesetter.here?.setFormula(source, display);
        if (formula === undefined) return;
        kept.set(key, formula);
        show(formula);
      });
    };
    // Without the typesetter, offline for one, the source says the same.
    if (typesetter.here === undefined) typesetter.load().then(set, () => undefined);
    else set();
    return () => {
      active = false;
      callOff?.();
    };
  }, [wanted, key, source, display]);
  const isSet = wanted && shown === key;
  useEffect(() => {
    const around = place.current?.parentElement;
    if (!isSet || !around) return undefined;
    // When the page is idle: now its width would have to be worked out first.
    return idleQueue.add(() => {
      // What scrolls must be reached by the keyboard; not every browser sees to it.
      if (around.scrollWidth > around.clientWidth) around.setAttribute("tabindex", "0");
    });
  }, [isSet]);
  const wide = source.length > WIDE ? "maths wide" : "maths";
  return (
    <span className={display ? "maths display" : wide}>
      {isSet ? null : <code className="maths">{source}</code>}
      <span ref={place} hidden={!isSet} />
    </span>
  );
}
