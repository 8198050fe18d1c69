import { useCallback, useEffect, useRef, useState, type RefObject } from "react";

/** As far beyond the window's edges a message is made ready before it comes into view. */
const AHEAD = "1200px 0px";

/** `near`: to be shown in full. A number: shown before, so many pixels high, and far away now. */
export type Nearness = "near" | number;

export interface NearView {
  /** By the message's id; what never came near is not in it. */
  readonly nearness: ReadonlyMap<string, Nearness>;
  /** What each `article[data-id]` is given as its ref. */
  readonly watch: (article: HTMLElement | null) => (() => void) | undefined;
}

/**
 * Which messages are near to view: only they need be shown in full. One that goes far away again keeps its
 * height, so that nothing moves, and gives back its elements.
 */
export function useNearView(root: RefObject<HTMLElement | null>): NearView {
  const [nearness, setNearness] = useState<ReadonlyMap<string, Nearness>>(new Map());
  const observer = useRef<IntersectionObserver>(undefined);
  const articles = useRef(new Set<HTMLElement>());
  useEffect(() => {
    const watching = new IntersectionObserver(
      (entries) => setNearness((known) => withEntries(known, entries)),
      { root: root.current, rootMargin: AHEAD },
    );
    observer.current = watching;
    for (const article of articles.current) watching.observe(article);
    return () => watching.disconnect();
  }, [root]);
  const watch = useCallback((article: HTMLElement | null) => {
    if (article === null) return undefined;
    articles.current.add(article);
    observer.current?.observe(article);
    return () => {
      articles.current.delete(article);
      observer.current?.unobserve(article);
    };
  }, []);
  return { nearness, watch };
}

function withEntries(
  known: ReadonlyMap<string, Nearness>,
  entries: readonly IntersectionObserverEntry[],
): ReadonlyMap<string, Nearness> {
  const next = new Map(known);
  for (const { target, isIntersecting, boundingClientRect } of entries) {
    const id = target instanceof HTMLElement ? target.dataset["id"] : undefined;
    if (id === undefined) continue;
    if (isIntersecting) next.set(id, "near");
    else if (known.get(id) === "near" && !isInUse(target)) next.set(id, boundingClientRect.height);
  }
  return next;
}

/** Somebody selected a part of it, opened or writes something in it: that would be lost with its elements. */
function isInUse(article: Element): boolean {
  return (
    article.contains(document.activeElement) ||
    article.querySelector("textarea, details[open]") !== null ||
    document.getSelection()?.containsNode(article, true) === true
  );
}
