import { RelayError } from "../errors.ts";
import { log } from "../log.ts";
import { Line, type Turn } from "./line.ts";

// A queue shared over the store goes beside this one, as store-queue.ts with the same `enter`.

export interface QueueSettings {
  /** Places: so many at once. */
  readonly active: number;
  /** So many may wait for one. */
  readonly waiting: number;
  readonly waitMs: number;
  /** A place is taken back after so long, whatever happened. */
  readonly leaseMs: number;
}

export interface QueuePosition {
  /** 1 is next. */
  readonly position: number;
  /** All who wait. */
  readonly of: number;
}

/** A place on the GPU. */
export interface Lease extends Disposable {
  /** Safe to call twice. */
  release(): void;
}

export interface QueueWait {
  /** Ends the waiting; a lease that was given stays. */
  readonly signal: AbortSignal;
  /**
   * Told at once when the caller has to wait, and whenever it changes. It is where they would be
   * served if nobody else came: one who has had fewer turns may still come in before them.
   */
  readonly onPosition?: (position: QueuePosition) => void;
}

/** Places on the GPU within this process, in turn for the callers: Line has the order. */
export class Queue {
  readonly #settings: QueueSettings;
  readonly #line = new Line<Ticket>();

  constructor(settings: QueueSettings) {
    this.#settings = settings;
  }

  /**
   * Waits for a place.
   *
   * @throws RelayError `queue_full` at once when as many wait as may, `queue_timeout` after waitMs;
   * the signal's reason when it aborts first; what `onPosition` throws
   */
  async enter(caller: string, wait: QueueWait): Promise<Lease> {
    wait.signal.throwIfAborted();
    const mustWait = this.#line.servedCount >= this.#settings.active;
    if (mustWait && this.#line.waiting.length >= this.#settings.waiting) this.#makeRoom(caller);
    const ticket = new Ticket(caller, wait.onPosition);
    this.#line.join(ticket);
    this.#fillPlaces();
    return await (mustWait ? this.#stay(ticket, wait.signal) : ticket.lease);
  }

  /**
   * In a full line one who has more than one place more than the newcomer gives up the last of them: nobody keeps
   * the others out by filling it.
   */
  #makeRoom(newcomer: string): void {
    const { waiting } = this.#line;
    const byCaller = Map.groupBy(waiting, ({ caller }) => caller);
    const own = byCaller.get(newcomer)?.length ?? 0;
    const [most] = [...byCaller.values()].toSorted((left, right) => right.length - left.length);
    const last = most?.at(-1);
    if (most === undefined || last === undefined || most.length <= own + 1) {
      throw new RelayError("queue_full");
    }
    this.#turnAway(last, new RelayError("queue_full"));
  }

  /** Until there is a place, the time is over or the caller leaves; then no timer or listener is left. */
  async #stay(ticket: Ticket, signal: AbortSignal): Promise<Lease> {
    const leave = (): void => this.#turnAway(ticket, signal.reason);
    signal.addEventListener("abort", leave);
    const endWait = (): void => this.#turnAway(ticket, new RelayError("queue_timeout"));
    const timer = setTimeout(endWait, this.#settings.waitMs);
    // It may have left while it was told its first position.
    if (signal.aborted) leave();
    try {
      return await ticket.lease;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
    }
  }

  /** Does nothing to one who has a place. */
  #turnAway(ticket: Ticket, reason: unknown): void {
    if (!this.#line.abandon(ticket)) return;
    ticket.refuse(reason);
    this.#tellPositions();
  }

  #fillPlaces(): void {
    while (this.#line.servedCount < this.#settings.active) {
      const ticket = this.#line.serveNext();
      if (ticket === undefined) break;
      ticket.grant(this.#leaseFor(ticket));
    }
    this.#tellPositions();
  }

  #leaseFor(ticket: Ticket): Lease {
    const release = (): void => {
      clearTimeout(timer);
      if (this.#line.finish(ticket)) this.#fillPlaces();
    };
    const timer = setTimeout(() => {
      log.warn({ caller: ticket.caller }, "A place was not given back in time and was taken back.");
      release();
    }, this.#settings.leaseMs);
    return { release, [Symbol.dispose]: release };
  }

  /** A listener may itself change the line; then everybody has been told anew by the time it returns. */
  #tellPositions(): void {
    const { waiting } = this.#line;
    for (const [index, ticket] of waiting.entries()) {
      try {
        ticket.tell({ position: index + 1, of: waiting.length });
      } catch (error) {
        this.#turnAway(ticket, error);
      }
    }
  }
}

/** One request from its entry to its place. */
class Ticket implements Turn {
  readonly caller: string;
  readonly #onPosition: QueueWait["onPosition"];
  readonly #outcome = Promise.withResolvers<Lease>();

  constructor(caller: string, onPosition: QueueWait["onPosition"]) {
    this.caller = caller;
    this.#onPosition = onPosition;
  }

  get lease(): Promise<Lease> {
    return this.#outcome.promise;
  }

  grant(lease: Lease): void {
    this.#outcome.resolve(lease);
  }

  refuse(reason: unknown): void {
    this.#outcome.reject(reason);
  }

  tell(position: QueuePosition): void {
    this.#onPosition?.(position);
  }
}
