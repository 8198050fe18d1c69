import { useSyncExternalStore } from "react";

export interface OpennessState {
  /** Room for a column beside the chat; else the list is a drawer over it. */
  readonly wide: boolean;
  readonly open: boolean;
  /** Grows each time somebody asks for the search field. */
  readonly searchAsked: number;
}

/** What of the browser the state of the list depends on. */
export interface OpennessPlace {
  isWide(): boolean;
  /** Calls back at each crossing of the width. Returns what ends that. */
  onWidth(listener: () => void): () => void;
  readFolded(): boolean;
  writeFolded(folded: boolean): void;
}

/** What a server knows: nothing. The style sheet hides the column where it has no room. */
const UNKNOWN: OpennessState = { wide: true, open: true, searchAsked: 0 };

/** Whether the list of chats is in view. A column that was folded stays so on the next visit; a drawer begins closed. */
export class Openness {
  readonly #place: OpennessPlace;
  readonly #listeners = new Set<() => void>();
  #state: OpennessState | undefined;
  #leaveWidth: (() => void) | undefined;

  constructor(place: OpennessPlace) {
    this.#place = place;
  }

  readonly read = (): OpennessState => {
    this.#state ??= { ...this.#atWidth(), searchAsked: 0 };
    return this.#state;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#leaveWidth ??= this.#place.onWidth(() => this.#publish(this.#atWidth()));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#leaveWidth?.();
      this.#leaveWidth = undefined;
    };
  };

  readonly toggle = (): void => this.set(!this.read().open);

  readonly set = (open: boolean): void => {
    if (open === this.read().open) return;
    if (this.read().wide) this.#place.writeFolded(!open);
    this.#publish({ open });
  };

  /** Shows the list with the search field in focus. */
  readonly search = (): void => {
    this.set(true);
    this.#publish({ searchAsked: this.read().searchAsked + 1 });
  };

  #atWidth(): Pick<OpennessState, "wide" | "open"> {
    const wide = this.#place.isWide();
    return { wide, open: wide && !this.#place.readFolded() };
  }

  #publish(news: Partial<OpennessState>): void {
    this.#state = { ...this.read(), ...news };
    for (const listener of this.#listeners) listener();
  }
}

/** As in the style sheets. */
const WIDE = "(min-width: 60rem)";
const REMEMBERED_AS = "latchkey.sidebar";
const FOLDED = "folded";

let foldedNow: boolean | undefined;

/** The list of this page. */
export const sidebar = new Openness({
  isWide: () => matchMedia(WIDE).matches,
  onWidth: (listener) => {
    const width = matchMedia(WIDE);
    width.addEventListener("change", listener);
    return () => width.removeEventListener("change", listener);
  },
  readFolded: () => {
    try {
      foldedNow ??= localStorage.getItem(REMEMBERED_AS) === FOLDED;
    } catch {
      // A browser that refuses storage forgets, nothing worse.
    }
    return foldedNow ?? false;
  },
  writeFolded: (folded) => {
    foldedNow = folded;
    try {
      localStorage.setItem(REMEMBERED_AS, folded ? FOLDED : "open");
    } catch {
      // It holds for this visit.
    }
  },
});

/** Whether the list of chats is in view, and how. */
export function useOpenness(): OpennessState {
  return useSyncExternalStore(sidebar.subscribe, sidebar.read, () => UNKNOWN);
}
