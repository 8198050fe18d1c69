/** Browsers draw no frames of a hidden page, but what comes must still be kept, and the answer come to its end. */
const HIDDEN_MS = 250;
/** From one value to the next: words that come thirty times a second seem to flow, and cost half of sixty. */
const LEAST_MS = 30;
/** Two values that cost more than this to show, one after the other, make the next one wait. */
const CHEAP_MS = 12;
/** For so many times what the last one cost: a click or a key finds the page idle most of the time. */
const REST_SHARE = 2;
/** However dear a value was: words that come are not held longer than this. */
const LONGEST_REST_MS = 100;

/**
 * Publishes the first value at once, then the newest one every other frame, and less often where showing one takes
 * long; values between are never shown. Not within a frame: what is rendered and its layout are a task each, so
 * that a key or a click need not wait for both.
 */
export class PerFrame<Value> {
  readonly #publish: (value: Value) => void;
  #newest: { readonly value: Value } | undefined;
  /** Milliseconds that the value before the last one cost: one alone that was dear tells nothing. */
  #lastCost = 0;
  #resting = false;

  constructor(publish: (value: Value) => void) {
    this.#publish = publish;
  }

  push(value: Value): void {
    this.#newest = { value };
    if (!this.#resting) this.#show();
  }

  /** Publishes what waits for its turn, now. */
  flush(): void {
    const newest = this.#newest;
    this.#newest = undefined;
    if (newest !== undefined) this.#publish(newest.value);
  }

  #show(): void {
    this.#resting = true;
    const begin = performance.now();
    this.flush();
    // React renders in a microtask.
    queueMicrotask(() => {
      const rendering = performance.now() - begin;
      afterFrame((drawing) => this.#rest(rendering + drawing, performance.now() - begin));
    });
  }

  /** `cost` and `passed` in milliseconds: of showing the value, and since that began. */
  #rest(cost: number, passed: number): void {
    const lasting = Math.min(cost, this.#lastCost);
    this.#lastCost = cost;
    const rest =
      lasting <= CHEAP_MS ? LEAST_MS - passed : Math.min(LONGEST_REST_MS, lasting * REST_SHARE);
    if (rest <= 0) this.#goOn();
    else setTimeout(() => this.#goOn(), rest);
  }

  #goOn(): void {
    if (this.#newest === undefined) this.#resting = false;
    else this.#show();
  }
}

/** Calls back once the next frame was drawn, with the milliseconds that took; or later, when none comes. */
function afterFrame(callback: (drawingMs: number) => void): void {
  const frame = requestAnimationFrame(() => {
    clearTimeout(hidden);
    const begin = performance.now();
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      callback(performance.now() - begin);
    });
    port1.start();
    // Handled right after the frame: layout and paint are part of what it cost.
    port2.postMessage("drawn");
  });
  const hidden = setTimeout(() => {
    cancelAnimationFrame(frame);
    callback(0);
  }, HIDDEN_MS);
}
