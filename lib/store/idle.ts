const LATEST_MS = 2000;
const WITHOUT_IDLE_MS = 200;

/** Resolves when the page has nothing better to do. */
export function idle(): Promise<void> {
  return new Promise((resolve) => {
    // Safari has no idle callback.
    if (typeof requestIdleCallback !== "function") setTimeout(resolve, WITHOUT_IDLE_MS);
    else requestIdleCallback(() => resolve(), { timeout: LATEST_MS });
  });
}
