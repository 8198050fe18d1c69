import { createInterface } from "node:readline/promises";
import type { Progress } from "./progress.ts";

/** The person at the terminal, if there is one. */
export interface Person {
  /**
   * Asks a question that a bare Enter answers with yes.
   *
   * @returns undefined when nobody is there to answer
   */
  agrees(question: string): Promise<boolean | undefined>;
}

/**
 * @param isYes what `--yes` says: every question is answered before it is asked
 */
export function createPerson(
  progress: Progress,
  options: { readonly isYes: boolean; readonly signal: AbortSignal },
): Person {
  const isThere = process.stdin.isTTY && process.stdout.isTTY;
  return {
    agrees: async (question) => {
      if (!isThere) return undefined;
      if (options.isYes) {
        progress.write(`${question} [Y/n] yes`);
        return true;
      }
      return progress.pause(() => ask(question, options.signal));
    },
  };
}

async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  // The terminal edits the line itself, so that Ctrl-C remains a signal.
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  const { promise: hungUp, resolve: hangUp } = Promise.withResolvers<string>();
  lines.once("close", () => {
    hangUp("no");
  });
  try {
    const answer = await Promise.race([lines.question(`${question} [Y/n] `, { signal }), hungUp]);
    return /^(y|yes)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
