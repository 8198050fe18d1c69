import { EventEmitter } from "node:events";
import type { IncomingHttpHeaders } from "node:http";

/** One request as the engine saw it. Times are `performance.now()` of the engine's process. */
export interface DemoRequest {
  readonly method: string;
  /** With the query, as it was sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON, the text where it was no JSON, undefined where there was none. */
  body: unknown;
  readonly startedAt: number;
  /** When it got the slot; absent for one that is waiting, or never needed it. */
  servedAt?: number;
  firstByteAt?: number;
  closedAt?: number;
  /** Generated for it so far: what a stop must stop. */
  tokens: number;
  /** The client left before its answer was complete. */
  aborted: boolean;
}

export type RequestMoment = "arrived" | "served" | "first-byte" | "closed";

/** The requests so far, and a way to wait for the next thing that happens to one. */
export class RequestLog {
  readonly entries: DemoRequest[] = [];
  readonly #moments = new EventEmitter<Record<RequestMoment, [DemoRequest]>>();
  readonly #remember: number;

  /** @param remember how many requests are kept, so that an engine that runs for days stays small */
  constructor(remember: number) {
    this.#remember = remember;
    this.#moments.setMaxListeners(0);
  }

  add(entry: DemoRequest): void {
    this.entries.push(entry);
    if (this.entries.length > this.#remember) this.entries.shift();
  }

  tell(moment: RequestMoment, entry: DemoRequest): void {
    this.#moments.emit(moment, entry);
  }

  /** The next request to which `moment` happens, from the call on. */
  next(moment: RequestMoment): Promise<DemoRequest> {
    return new Promise((resolve) => this.#moments.once(moment, resolve));
  }
}
