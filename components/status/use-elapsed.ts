import { useEffect, useState } from "react";

const TICK_MS = 1000;

/**
 * Milliseconds since the component was first shown, whole seconds; renders its component once a second.
 *
 * @param until milliseconds after which it stands still
 */
export function useElapsed(until = Infinity): number {
  const [elapsed, setElapsed] = useState(0);
  const over = elapsed >= until;
  useEffect(() => {
    if (over) return undefined;
    const begin = performance.now();
    const timer = setInterval(() => {
      setElapsed(Math.round((performance.now() - begin) / TICK_MS) * TICK_MS);
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [over]);
  return elapsed;
}
