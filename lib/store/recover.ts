/** Answers that were being written when their tab went away. */
import type { Message } from "./records.ts";

const LOCK = "latchkey-answer-";

/** Of this tab: known even where the browser has no locks. */
const ownAnswers = new Set<string>();

/** Whether an answer is, by what is kept of it, still being written. */
export function isUnfinished({ state }: Message): boolean {
  return state === "waiting" || state === "streaming";
}

/** The messages with each unfinished one that nobody writes any more as interrupted. */
export function settle(messages: readonly Message[], living: ReadonlySet<string>): Message[] {
  return messages.map((message) =>
    isUnfinished(message) && !living.has(message.id)
      ? { ...message, state: "interrupted" }
      : message,
  );
}

/**
 * Tells every tab that this one writes the answer, until what is returned is called. Call it before the answer is
 * first saved, and end it after it was last saved. A tab that dies lets go by itself.
 */
export function holdAnswer(messageId: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  ownAnswers.add(messageId);
  // Without a lock other tabs take the answer for interrupted; that is all.
  locksOf()
    ?.request(LOCK + messageId, () => promise)
    .catch(() => undefined);
  return () => {
    ownAnswers.delete(messageId);
    resolve();
  };
}

/** The ids of all answers that some tab writes now; only this tab's where the browser has no locks. */
export async function livingAnswers(): Promise<ReadonlySet<string>> {
  try {
    const { held = [] } = (await locksOf()?.query()) ?? {};
    const names = held.flatMap(({ name = "" }) =>
      name.startsWith(LOCK) ? [name.slice(LOCK.length)] : [],
    );
    return new Set([...ownAnswers, ...names]);
  } catch {
    return new Set(ownAnswers);
  }
}

/** The type says that locks are always there; over plain HTTP they are not. */
function locksOf(): LockManager | undefined {
  return typeof navigator === "object" && "locks" in navigator ? navigator.locks : undefined;
}
