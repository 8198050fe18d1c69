import { useSyncExternalStore } from "react";
import { dayNumber, untilMidnight } from "./group-by-day.ts";

/** A sleeping computer stops timers, and a person can set the clock or travel: look at least this often. */
const LOOK_MS = 60_000;

/**
 * A moment of today in milliseconds since 1970; 0 on a server. It changes when the calendar day or the time zone does:
 * what is grouped by day is then to be grouped again.
 */
export function useToday(): number {
  return useSyncExternalStore(followDay, readToday, () => 0);
}

const seen = { day: "", moment: 0 };

function readToday(): number {
  const now = new Date();
  const day = `${dayNumber(now.getTime())} ${now.getTimezoneOffset()}`;
  if (day !== seen.day) Object.assign(seen, { day, moment: now.getTime() });
  return seen.moment;
}

function followDay(changed: () => void): () => void {
  let timer = 0;
  const look = () => {
    changed();
    clearTimeout(timer);
    timer = window.setTimeout(look, Math.min(LOOK_MS, untilMidnight(Date.now()) + 1));
  };
  look();
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("focus", look);
  };
}
