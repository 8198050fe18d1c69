import { errors, type Page } from "playwright";
import { z } from "zod";

/** Milliseconds since the navigation began, where nothing else is said; -1: did not happen. */
const foundSchema = z.object({
  /** What `performance.now()` counts from, milliseconds since 1970. */
  origin: z.number(),
  /** The composer takes input: `html[data-ready]`. */
  readyAt: z.number(),
  longTasks: z.array(z.object({ start: z.number(), duration: z.number() })),
  /** Of those with an event of 16 ms or more, the longest, by the interaction's id. Steps of 8 ms. */
  interactions: z.record(z.string(), z.number()),
  /** The answer's growth is watched from here on. */
  watchedAt: z.number(),
  /** `Date.now()` of each frame while it is watched. */
  frames: z.array(z.number()),
  /** `Date.now()` at the end of the frame in which the last words are in the document. */
  endAt: z.number(),
  /** What the page was opened for is shown. */
  wantedAt: z.number(),
  /** From the event that was waited for to the frame in which what it brings is shown. */
  timedMs: z.number(),
});

/** What the probe saw of a page (bench/ui/page/probe.ts). */
export type Found = z.infer<typeof foundSchema>;

export async function readFound(page: Page): Promise<Found> {
  const found: unknown = await page.evaluate(() => Reflect.get(globalThis, "latchkeyBench").found);
  return foundSchema.parse(found);
}

/** Whether it comes to be more than -1 within so many milliseconds; the page is not asked often. */
export async function comesToBe(
  page: Page,
  name: "wantedAt" | "timedMs",
  timeoutMs: number,
): Promise<boolean> {
  return comes(
    page.waitForFunction((key) => Reflect.get(globalThis, "latchkeyBench").found[key] >= 0, name, {
      polling: 100,
      timeout: timeoutMs,
    }),
  );
}

/** Whether what is waited for comes before Playwright's time is up. */
export async function comes(waiting: Promise<unknown>): Promise<boolean> {
  try {
    await waiting;
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}
