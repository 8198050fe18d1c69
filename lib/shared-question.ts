interface Running<Answer> {
  readonly answer: Promise<Answer>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * A question to the door that many ask at the same moment: it is sent once, its answer is everybody's, and when the
 * last who waits for it has left, its connection is closed.
 */
export class SharedQuestion<Answer> {
  readonly #send: (signal: AbortSignal) => Promise<Answer>;
  #running: Running<Answer> | undefined;

  constructor(send: (signal: AbortSignal) => Promise<Answer>) {
    this.#send = send;
  }

  /** Throws what the question throws, or the signal's reason. */
  async ask(signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const running = (this.#running ??= this.#start());
    running.waiting += 1;
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([running.answer, left.promise]);
    } finally {
      signal.removeEventListener("abort", leave);
      running.waiting -= 1;
      if (running.waiting === 0) {
        if (this.#running === running) this.#running = undefined;
        running.controller.abort();
      }
    }
  }

  #start(): Running<Answer> {
    const controller = new AbortController();
    const answer = this.#send(controller.signal);
    const running = { answer, controller, waiting: 0 };
    const forget = () => {
      if (this.#running === running) this.#running = undefined;
    };
    // Whoever waits sees the failure; when nobody does, it is the abort of our own.
    answer.then(forget, forget);
    return running;
  }
}
