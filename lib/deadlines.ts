import type { Config } from "./config.ts";
import { RelayError } from "./errors.ts";
import { CallerGone, type Exchange } from "./exchange.ts";

/**
 * The three clocks of a reply: the first token, the silence between two, the whole (from the request's first
 * moment). Each ends the exchange with an error of its own. Disposable, so that no timer outlives its reply.
 */
export class Deadlines implements Disposable {
  readonly #exchange: Exchange;
  readonly #total: NodeJS.Timeout;
  readonly #first: NodeJS.Timeout;
  readonly #idleMs: number;
  #idle: NodeJS.Timeout | undefined;

  constructor(exchange: Exchange, config: Config) {
    this.#exchange = exchange;
    const end = (code: "total_timeout" | "first_token_timeout") => () =>
      exchange.abort(new RelayError(code));
    const totalMs = config.totalSeconds * 1000 - exchange.elapsedMs;
    this.#total = setTimeout(end("total_timeout"), Math.max(0, totalMs));
    this.#first = setTimeout(end("first_token_timeout"), config.firstTokenSeconds * 1000);
    this.#idleMs = config.idleSeconds * 1000;
  }

  /** A byte came through the tap: from now on it is the silence that counts. */
  touch(tap: { readonly isHeld: boolean }): void {
    if (this.#idle !== undefined) {
      this.#idle.refresh();
      return;
    }
    clearTimeout(this.#first);
    this.#idle = setTimeout(() => this.#endSilence(tap), this.#idleMs);
  }

  /** Held back by us, it is the reader who fell silent, and there is nobody to tell. */
  #endSilence(tap: { readonly isHeld: boolean }): void {
    this.#exchange.abort(tap.isHeld ? new CallerGone() : new RelayError("idle_timeout"));
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#total);
    clearTimeout(this.#first);
    clearTimeout(this.#idle);
  }
}
