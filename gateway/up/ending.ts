/** What asks `up` to end. SIGHUP is a closed terminal, SIGBREAK Windows' Ctrl-Break. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"] as const;

/** npm hands on the Ctrl-C that the terminal sent already: only a later one is a second one. */
const SECOND_AFTER_MS = 1_000;

/** Exit codes of a program that a signal ended before it was ready: 128 and the signal's number. */
const CODES: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

export interface Ending {
  /** Aborted at the first wish to end. */
  readonly signal: AbortSignal;
  /** The exit code that tells what ended it. */
  code(): number;
  /** Resolves at the first wish to end. */
  readonly wished: Promise<void>;
  /** Stops listening. */
  close(): void;
}

/**
 * Listens for whatever asks this program to end: signals, and the end of the process that started it.
 *
 * @param onImpatience is called when a person presses Ctrl-C once more
 */
export function listenForEnding(onImpatience: () => void): Ending {
  const controller = new AbortController();
  const { promise: wished, resolve } = Promise.withResolvers<void>();
  let code = 130;
  let since = 0;

  const end = (reason: string): void => {
    if (!controller.signal.aborted) {
      code = CODES[reason] ?? code;
      since = performance.now();
      controller.abort(new Error(`Ended by ${reason}`));
      resolve();
    } else if (reason === "SIGINT" && performance.now() - since > SECOND_AFTER_MS) {
      onImpatience();
    }
  };
  const orphaned = (): void => {
    end("SIGHUP");
  };

  for (const name of SIGNALS) process.on(name, end);
  process.on("disconnect", orphaned);
  // The line to the bootstrap alone is no reason to go on.
  process.channel?.unref();

  return {
    signal: controller.signal,
    code: () => code,
    wished,
    close: () => {
      for (const name of SIGNALS) process.off(name, end);
      process.off("disconnect", orphaned);
    },
  };
}
