/** At most so many requests are answered at once; the others wait in the order they came. */
export class Slots {
  readonly #limit: () => number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  /** @param limit asked anew each time, so that it may change */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /**
   * Disposing of what comes back gives the slot to the next.
   * @throws the signal's reason, when it aborts before a slot is free
   */
  async take(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    const turn = this.#queue(signal);
    this.#admit();
    await turn;
    return {
      [Symbol.dispose]: () => {
        this.#taken -= 1;
        this.#admit();
      },
    };
  }

  #queue(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      this.#waiting.push(enter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #admit(): void {
    while (this.#taken < this.#limit()) {
      const enter = this.#waiting.shift();
      if (enter === undefined) return;
      this.#taken += 1;
      enter();
    }
  }
}
