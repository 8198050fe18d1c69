import { whenIdle } from "../common/when-idle.ts";

/** Half a frame: the other half stays for what the person does. */
const SLICE_MS = 8;

type Schedule = (task: () => void) => () => void;

/**
 * Work that may wait, done piece by piece while the page is idle and never much longer at once than a
 * slice. A piece that takes longer by itself has a slice of its own.
 */
export class IdleQueue {
  readonly #waiting = new Set<() => void>();
  readonly #schedule: Schedule;
  readonly #now: () => number;
  #scheduled = false;

  constructor(schedule: Schedule = whenIdle, now: () => number = () => performance.now()) {
    this.#schedule = schedule;
    this.#now = now;
  }

  /** Returns what calls the work off. */
  add(work: () => void): () => void {
    // A set of its own functions: the same work may be wanted twice.
    const once = () => work();
    this.#waiting.add(once);
    this.#ask();
    return () => {
      this.#waiting.delete(once);
    };
  }

  #ask(): void {
    if (this.#scheduled || this.#waiting.size === 0) return;
    this.#scheduled = true;
    this.#schedule(() => this.#slice());
  }

  #slice(): void {
    this.#scheduled = false;
    const end = this.#now() + SLICE_MS;
    try {
      for (const work of this.#waiting) {
        this.#waiting.delete(work);
        work();
        if (this.#now() >= end) break;
      }
    } finally {
      this.#ask();
    }
  }
}

/** What colours code and sets formulas. */
export const idleQueue = new IdleQueue();
