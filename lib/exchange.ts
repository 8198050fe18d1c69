import { RelayError } from "./errors.ts";
import { REQUEST_ID_HEADER } from "./contract.ts";

/** A caller may name its request, within these characters; anything else is replaced, never echoed. */
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** One request from its first moment to its last byte: its id, its clock and the one way to end it. */
export class Exchange {
  readonly id: string;
  readonly #startedAt = performance.now();
  readonly #controller = new AbortController();

  constructor(request: Request) {
    const wanted = request.headers.get(REQUEST_ID_HEADER);
    this.id = wanted !== null && REQUEST_ID.test(wanted) ? wanted : crypto.randomUUID();
    const gone = () => this.abort(new CallerGone());
    if (request.signal.aborted) gone();
    request.signal.addEventListener("abort", gone, { once: true });
  }

  /** Milliseconds since the request began. */
  get elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** Aborted when the caller left or a deadline passed; the reason is a CallerGone or a RelayError. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the exchange: the upstream connection closes at once. */
  abort(reason: CallerGone | RelayError): void {
    this.#controller.abort(reason);
  }
}

/** The caller closed the connection or pressed stop: nobody is left to tell anything. */
export class CallerGone extends Error {
  override readonly name = "CallerGone";
}
