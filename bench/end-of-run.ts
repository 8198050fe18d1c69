/**
 * Aborted when a signal or the clock ends the run, which then exits at once: that ends the servers
 * (tests/helpers/child.ts) and, after them, what `cleanUp` removes. A second signal changes nothing: a
 * terminal sends one to each process of the group, and whoever started us hands on its own.
 */
export function endOfRun(limitMs: number, cleanUp: () => void): AbortSignal {
  const ended = new AbortController();
  const end = (code: number): void => {
    if (ended.signal.aborted) return;
    ended.abort();
    process.once("exit", cleanUp);
    process.exit(code);
  };
  process.on("SIGINT", () => end(130));
  process.on("SIGTERM", () => end(143));
  process.on("SIGHUP", () => end(129));
  setTimeout(() => {
    console.error(`Ended: it took longer than ${limitMs / 60_000} minutes.`);
    end(1);
  }, limitMs).unref();
  return ended.signal;
}
