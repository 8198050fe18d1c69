import { useState, type ReactNode } from "react";
import type { Phase } from "../../lib/chat.ts";
import { strings } from "../strings/strings.ts";
import { estimateLoading, estimateReading, remainingOf, type Asked } from "./estimates.ts";
import { readRates } from "./rates.ts";
import { useElapsed } from "./use-elapsed.ts";
import { formatSeconds } from "./whole-seconds.ts";

interface ClockProps {
  readonly phase: Phase;
  readonly asked: Asked | undefined;
}

/** Seconds in this phase, and what is likely to be left of it. A new phase is another clock, by its key. */
export function Clock({ phase, asked }: ClockProps): ReactNode {
  // Read once: what other tabs learn meanwhile would make the estimate jump.
  const [estimate] = useState(() => estimateOf(phase, asked));
  const elapsed = useElapsed();
  const words = estimateWords({ phase, asked, estimate, elapsed });
  return (
    <>
      {elapsed === 0 ? null : <span className="clock">{formatSeconds(elapsed)}</span>}
      {words === undefined ? null : <span className="estimate">{words}</span>}
    </>
  );
}

function estimateOf(phase: Phase, asked: Asked | undefined): number | undefined {
  if (asked === undefined) return undefined;
  const loadsNext = phase === "connecting" && asked.loaded === false;
  if (phase === "loading" || loadsNext) return estimateLoading(asked, readRates());
  return phase === "reading" ? estimateReading(asked, readRates()) : undefined;
}

interface Wait extends ClockProps {
  /** Milliseconds; undefined where nothing was seen before. */
  readonly estimate: number | undefined;
  readonly elapsed: number;
}

/** What is said beside the seconds; undefined: nothing, rather than a guess. */
export function estimateWords({ phase, asked, estimate, elapsed }: Wait): string | undefined {
  const words = strings.status;
  if (phase === "connecting") {
    // Mostly over before a person could read it.
    if (asked?.loaded !== false || elapsed === 0) return undefined;
    return estimate === undefined ? words.notLoaded : words.thenLoading(formatSeconds(estimate));
  }
  if (estimate === undefined) return undefined;
  const remaining = remainingOf(estimate, elapsed);
  if (remaining === undefined) return undefined;
  return remaining.kind === "over"
    ? words.overdue
    : words.left(formatSeconds(Math.max(1000, remaining.ms)));
}
