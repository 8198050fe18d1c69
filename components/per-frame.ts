/** Browsers stop frames of a hidden page, but the page must still come to its end. */
const HIDDEN_MS = 250;

/**
 * Publishes at most once a frame: the newest value counts, the ones before it are never shown.
 */
export class PerFrame<Value> {
  readonly #publish: (value: Value) => void;
  #newest: { readonly value: Value } | undefined;

  constructor(publish: (value: Value) => void) {
    this.#publish = publish;
  }

  push(value: Value): void {
    const scheduled = this.#newest !== undefined;
    this.#newest = { value };
    if (scheduled) return;
    if (document.hidden) setTimeout(() => this.flush(), HIDDEN_MS);
    else requestAnimationFrame(() => this.flush());
  }

  /** Publishes what waits for its frame, now. */
  flush(): void {
    const newest = this.#newest;
    this.#newest = undefined;
    if (newest !== undefined) this.#publish(newest.value);
  }
}
