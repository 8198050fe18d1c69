import type { FoundChat } from "../../lib/store/store.ts";
import { keepSame } from "./same-chats.ts";

/** Found chats are shown up to here; more than that is not read through, but told. */
export const FIND_LIMIT = 100;

export interface Finds {
  /** As typed. */
  readonly words: string;
  /** The newest finds, and the words they are for, which may be a key press behind; absent while none is asked for. */
  readonly found: { readonly words: string; readonly chats: readonly FoundChat[] } | undefined;
}

const NOTHING: Finds = { words: "", found: undefined };

/**
 * Searches as a person types. The first letter is looked up at once; while one search runs, only the newest words wait
 * for it: a slow store is asked less often, a quick one each time.
 */
export class Finder {
  #finds = NOTHING;
  readonly #search: (words: string, limit: number) => Promise<readonly FoundChat[]>;
  readonly #listeners = new Set<() => void>();
  #searching = false;
  #again = false;

  constructor(search: (words: string, limit: number) => Promise<readonly FoundChat[]>) {
    this.#search = search;
  }

  readonly read = (): Finds => this.#finds;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  look(words: string): void {
    if (words.trim() === "") {
      this.#publish({ words, found: undefined });
      return;
    }
    this.#publish({ ...this.#finds, words });
    void this.#run();
  }

  /** Looks again for the same words: the chats have changed. */
  readonly lookAgain = (): void => {
    if (this.#finds.words.trim() !== "") void this.#run();
  };

  async #run(): Promise<void> {
    this.#again = true;
    if (this.#searching) return;
    this.#searching = true;
    while (this.#again) {
      this.#again = false;
      const words = this.#finds.words.trim();
      if (words === "") break;
      // One more than is shown tells that there are more.
      const chats = await this.#search(words, FIND_LIMIT + 1);
      // Cleared meanwhile.
      if (this.#finds.words.trim() === "") continue;
      const before = this.#finds.found;
      const kept = keepSame(before?.chats ?? [], chats);
      if (before?.words === words && before.chats === kept) continue;
      this.#publish({ ...this.#finds, found: { words, chats: kept } });
    }
    this.#searching = false;
  }

  #publish(finds: Finds): void {
    this.#finds = finds;
    for (const listener of this.#listeners) listener();
  }
}
