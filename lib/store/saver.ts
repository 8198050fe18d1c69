/** The most of an answer that a crash can cost. */
const EVERY_MS = 300;

/** The moments after which a page may never run again. `freeze` does not bubble, so they are caught on the way down. */
const LAST_MOMENTS = ["visibilitychange", "pagehide", "freeze"];

interface SaverOptions {
  readonly everyMs?: number;
  /** Where the page's last moments are heard of; the window. */
  readonly page?: EventTarget;
}

/**
 * Writes what keeps growing: the first value at once, then the newest one at most every so often, and at once when
 * the page may go. One write at a time; what comes meanwhile waits, and only the newest of it is written.
 */
export class Saver<Value> {
  readonly #write: (value: Value) => Promise<void>;
  readonly #everyMs: number;
  readonly #page: EventTarget;
  readonly #onLastMoment = (): void => void this.flush();
  #newest: { readonly value: Value } | undefined;
  #writing: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `write` must not reject. */
  constructor(
    write: (value: Value) => Promise<void>,
    { everyMs = EVERY_MS, page = globalThis.window }: SaverOptions = {},
  ) {
    this.#write = write;
    this.#everyMs = everyMs;
    this.#page = page;
    for (const moment of LAST_MOMENTS) {
      page.addEventListener(moment, this.#onLastMoment, { capture: true });
    }
  }

  /** Takes the value as the newest. */
  save(value: Value): void {
    this.#newest = { value };
    if (this.#timer === undefined && this.#writing === undefined) void this.flush();
  }

  /** Resolves when everything saved so far is written. */
  async flush(): Promise<void> {
    // Whoever comes while a write runs goes on when it is done, and the first of them writes the newest.
    while (this.#writing !== undefined) await this.#writing;
    if (this.#newest === undefined) return;
    this.#writing = this.#writeNewest(this.#newest.value);
    await this.#writing;
  }

  /** Writes what is left and hears of the page no more. */
  async close(): Promise<void> {
    for (const moment of LAST_MOMENTS) {
      this.#page.removeEventListener(moment, this.#onLastMoment, { capture: true });
    }
    await this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #writeNewest(value: Value): Promise<void> {
    this.#newest = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, this.#everyMs);
    await this.#write(value);
    this.#writing = undefined;
    if (this.#newest !== undefined && this.#timer === undefined) void this.flush();
  }
}
