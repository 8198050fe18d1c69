import { useEffect, useRef, useState } from "react";
import type { ListedModel } from "./models.ts";
import type { ModelChoice } from "./use-models.ts";

const TICK_MS = 10_000;
/** Nobody keeps a list open longer. */
const SOON_MS = 3_600_000;
/** Ollama takes a moment to let go. */
const GRACE_MS = 1_000;

/**
 * The time, in milliseconds since 1970, as long as the list is in view; a model whose time is up has the list asked
 * for again, once.
 */
export function useClock({ list, reload }: Pick<ModelChoice, "list" | "reload">): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const asked = useRef(0);
  useEffect(() => {
    const due = list.state === "ready" ? nextExpiry(list.models, asked.current) : undefined;
    const left = due === undefined ? SOON_MS : due - Date.now();
    if (due === undefined || left >= SOON_MS) return undefined;
    const timer = setTimeout(() => {
      asked.current = due;
      void reload();
    }, left + GRACE_MS);
    return () => clearTimeout(timer);
  }, [list, reload]);
  return now;
}

/** Of those after a time: the first at which a model leaves memory. */
export function nextExpiry(models: readonly ListedModel[], after: number): number | undefined {
  const times = models.flatMap(({ loaded, expiresAt }) =>
    loaded && expiresAt !== undefined && expiresAt > after ? [expiresAt] : [],
  );
  return times.length === 0 ? undefined : Math.min(...times);
}
