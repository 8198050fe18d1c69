import { maximum } from "../statistics.ts";
import type { Found } from "./page/found.ts";

/** Durations below this are not told by the browser. */
const LEAST_EVENT_MS = 16;
/** Of so many interactions one, the slowest, is left out: the usual reckoning of INP. */
const INTERACTIONS_PER_OUTLIER = 50;
/** What a task may take before it counts as blocking. */
const FREE_MS = 50;

type LongTasks = Found["longTasks"];

/** All long tasks that began at `fromMs` or later, milliseconds in all. */
export function longTaskMs(tasks: LongTasks, fromMs: number): number {
  return sum(tasks.filter(({ start }) => start >= fromMs).map(({ duration }) => duration));
}

/** What all long tasks took beyond 50 ms each. */
export function blockingMs(tasks: LongTasks): number {
  return sum(tasks.map(({ duration }) => Math.max(0, duration - FREE_MS)));
}

/**
 * Interaction to next paint of so many interactions, in milliseconds; where the browser told of none, the
 * 16 ms below which it does not.
 */
export function inpMs(interactions: Found["interactions"], count: number): number {
  const slowest = Object.values(interactions).toSorted((one, other) => other - one);
  return slowest[Math.floor(count / INTERACTIONS_PER_OUTLIER)] ?? LEAST_EVENT_MS;
}

/** Frames a second between two moments of the clock the frames are noted by. */
export function framesPerSecond(frames: readonly number[], from: number, until: number): number {
  const counted = frames.filter((at) => at >= from && at < until).length;
  return (counted * 1000) / (until - from);
}

/** The longest time between two frames there. */
export function longestGapMs(frames: readonly number[], from: number, until: number): number {
  const within = frames.filter((at) => at >= from && at < until);
  return maximum(within.slice(1).map((at, index) => at - (within[index] ?? at)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
