import type { Config } from "./config.ts";
import { RelayError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";

/**
 * The three clocks of a reply: the first token, the silence between two, the whole. Each ends the exchange
 * with an error of its own. Disposable, so that no timer outlives its reply.
 */
export class Deadlines implements Disposable {
  readonly #total: NodeJS.Timeout;
  readonly #first: NodeJS.Timeout;
  readonly #idleMs: number;
  readonly #expire: () => void;
  #idle: NodeJS.Timeout | undefined;

  constructor(exchange: Exchange, config: Config) {
    const end = (code: "total_timeout" | "first_token_timeout" | "idle_timeout") => () =>
      exchange.abort(new RelayError(code));
    this.#total = setTimeout(end("total_timeout"), config.totalSeconds * 1000);
    this.#first = setTimeout(end("first_token_timeout"), config.firstTokenSeconds * 1000);
    this.#idleMs = config.idleSeconds * 1000;
    this.#expire = end("idle_timeout");
  }

  /** A byte came: from now on it is the silence that counts. */
  touch(): void {
    if (this.#idle !== undefined) {
      this.#idle.refresh();
      return;
    }
    clearTimeout(this.#first);
    this.#idle = setTimeout(this.#expire, this.#idleMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#total);
    clearTimeout(this.#first);
    clearTimeout(this.#idle);
  }
}
