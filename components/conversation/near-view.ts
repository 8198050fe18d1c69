import { useCallback, useEffect, useRef, useState } from "react";

/** As far beyond the window's edges a message is made ready before it comes into view. */
const AHEAD = "1200px 0px";

/**
 * Which messages have come near to view: only they are shown in full. Once one has, it stays. Returns the
 * ids and what the conversation's content, with an `article[data-id]` a message, is given as its ref.
 */
export function useNearView(root: React.RefObject<HTMLElement | null>): {
  readonly seen: ReadonlySet<string>;
  readonly watch: (article: HTMLElement | null) => (() => void) | undefined;
} {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const observer = useRef<IntersectionObserver>(undefined);
  const waiting = useRef(new Set<HTMLElement>());
  useEffect(() => {
    const watching = new IntersectionObserver(
      (entries) => {
        const near = entries.filter(({ isIntersecting }) => isIntersecting);
        if (near.length === 0) return;
        for (const { target } of near) watching.unobserve(target);
        const ids = near.flatMap(({ target }) =>
          target instanceof HTMLElement && target.dataset["id"] !== undefined
            ? [target.dataset["id"]]
            : [],
        );
        setSeen((known) => new Set([...known, ...ids]));
      },
      { root: root.current, rootMargin: AHEAD },
    );
    observer.current = watching;
    for (const article of waiting.current) watching.observe(article);
    return () => watching.disconnect();
  }, [root]);
  const watch = useCallback((article: HTMLElement | null) => {
    if (article === null) return undefined;
    waiting.current.add(article);
    observer.current?.observe(article);
    return () => {
      waiting.current.delete(article);
      observer.current?.unobserve(article);
    };
  }, []);
  return { seen, watch };
}
