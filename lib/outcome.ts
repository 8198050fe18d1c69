import { toRelayError } from "./errors.ts";
import { CallerGone } from "./exchange.ts";
import { log } from "./log.ts";
import { recordRequest } from "./requests.ts";
import { logFailure, type Context } from "./respond.ts";

/** What a reply has cost, in tokens. */
export interface Cost {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Nobody counted: these are guesses. */
  readonly estimated?: true;
}

/** Keeps what became of a request: for its caller to ask, and as one line in the owner's log. */
export class Outcome {
  readonly #context: Context;
  #abortedAt: number | undefined;

  constructor(context: Context) {
    this.#context = context;
    context.exchange.signal.addEventListener("abort", () => {
      this.#abortedAt = performance.now();
    });
    this.#record({ state: "waiting" });
  }

  streaming(): void {
    this.#record({ state: "streaming" });
  }

  done(cost: Cost | undefined): void {
    this.#record({ state: "done" });
    log.info({ ...this.#fields, ...cost }, "done");
  }

  /**
   * @param thrown why the reply has no proper end; a CallerGone is a stop, not a failure
   * @param options.wasSent the model was asked: else there was nothing of it to release
   * @param options.frameLogs the frame of the handler will see the error too, and log it
   */
  failed(
    thrown: unknown,
    {
      wasSent,
      frameLogs = false,
      cost,
    }: { wasSent: boolean; frameLogs?: boolean; cost?: Cost | undefined },
  ): void {
    const { exchange, request } = this.#context;
    if (!(thrown instanceof CallerGone)) {
      this.#record({ state: "failed" });
      if (!frameLogs) logFailure(exchange, request.nextUrl.pathname, toRelayError(thrown));
      return;
    }
    const now = performance.now();
    const release = wasSent ? { releasedMs: Math.round(now - (this.#abortedAt ?? now)) } : {};
    this.#record({ state: "stopped", ...release });
    log.info({ ...this.#fields, ...release, ...cost }, "stopped");
  }

  #record(record: Parameters<typeof recordRequest>[2]): void {
    recordRequest(this.#context.caller.id, this.#context.exchange.id, record);
  }

  get #fields() {
    const { exchange, request, caller } = this.#context;
    const route = request.nextUrl.pathname;
    return { requestId: exchange.id, route, caller: caller.name, ms: exchange.elapsedMs };
  }
}
