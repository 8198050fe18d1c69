/** Browsers stop frames of a hidden page, but the page must still come to its end. */
const HIDDEN_MS = 250;
/** Two frames that cost more than this, one after the other, make the next one wait. */
const CHEAP_MS = 10;
/** For so many times what the last one cost: a click or a key finds the page idle most of the time. */
const REST_SHARE = 2;
/** However dear a frame was: words that come are not held longer than this. */
const LONGEST_REST_MS = 100;

let input = false;
let isListening = false;

/** Whether a person pressed something since this was asked last. */
function takeInput(): boolean {
  if (!isListening) {
    isListening = true;
    for (const type of ["keydown", "pointerdown", "pointerup"]) {
      addEventListener(type, () => (input = true), { capture: true, passive: true });
    }
  }
  const taken = input;
  input = false;
  return taken;
}

/**
 * Publishes at most once a frame, and less often where showing it takes long: the newest value counts, the
 * ones before it are never shown. The frame after a key or a click is left to what that brings.
 */
export class PerFrame<Value> {
  readonly #publish: (value: Value) => void;
  #newest: { readonly value: Value } | undefined;
  /** Milliseconds that the frame before the last one cost: one alone that was dear tells nothing. */
  #lastCost = 0;
  #state: "idle" | "scheduled" | "resting" = "idle";

  constructor(publish: (value: Value) => void) {
    this.#publish = publish;
  }

  push(value: Value): void {
    this.#newest = { value };
    if (this.#state === "idle") this.#schedule();
  }

  /** Publishes what waits for its frame, now. */
  flush(): void {
    const newest = this.#newest;
    this.#newest = undefined;
    if (newest !== undefined) this.#publish(newest.value);
  }

  #schedule(): void {
    this.#state = "scheduled";
    const show = (): void => {
      if (takeInput() && !document.hidden) {
        requestAnimationFrame(show);
        return;
      }
      const begin = performance.now();
      this.#state = "resting";
      this.flush();
      // After the frame was drawn: layout and paint are part of what it cost.
      setTimeout(() => this.#rest(performance.now() - begin), 0);
    };
    if (document.hidden) setTimeout(show, HIDDEN_MS);
    else requestAnimationFrame(show);
  }

  #rest(cost: number): void {
    const lasting = Math.min(cost, this.#lastCost);
    this.#lastCost = cost;
    if (lasting <= CHEAP_MS) this.#goOn();
    else setTimeout(() => this.#goOn(), Math.min(LONGEST_REST_MS, lasting * REST_SHARE));
  }

  #goOn(): void {
    this.#state = "idle";
    if (this.#newest !== undefined) this.#schedule();
  }
}
