import type { CDPSession } from "playwright";

/** From now on the session tells CPU time, which others' work on the machine does not lengthen. */
export async function watchMainThread(devtools: CDPSession): Promise<void> {
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
}

/** Milliseconds that the page's main thread has worked so far. */
export async function mainThreadMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const seconds = metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  return seconds * 1000;
}
