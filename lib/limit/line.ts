/** One request in the order of service. */
export interface Turn {
  readonly caller: string;
}

/**
 * The order of service: callers take turns, and each caller's own requests keep their order. A
 * request stands behind those whose caller's request before them is served earlier than its own
 * caller's, or who have none before them; the others stand behind it. So one who queues ten holds up
 * another's first by one turn at most, and newcomers hold up nobody who has waited out a turn.
 * Nobody changes places but by somebody's coming or leaving.
 */
export class Line<Each extends Turn> {
  readonly #served = new Set<Each>();
  readonly #waiting: Each[] = [];

  /** The next first. */
  get waiting(): readonly Each[] {
    return this.#waiting;
  }

  get servedCount(): number {
    return this.#served.size;
  }

  join(turn: Each): void {
    const order = [...this.#served, ...this.#waiting];
    const before = ({ caller }: Turn, index: number): number =>
      order.slice(0, index).findLastIndex((each) => each.caller === caller);
    const ownBefore = before(turn, order.length);
    const last = this.#waiting.findLastIndex(
      (each, index) => before(each, this.#served.size + index) <= ownBefore,
    );
    this.#waiting.splice(last + 1, 0, turn);
  }

  /** Begins the turn of the first who waits. */
  serveNext(): Each | undefined {
    const turn = this.#waiting.shift();
    if (turn !== undefined) this.#served.add(turn);
    return turn;
  }

  /** False for a turn that has not begun or is over already. */
  finish(turn: Each): boolean {
    return this.#served.delete(turn);
  }

  /**
   * Takes one who waits out of the line; the same caller's others each move up to the place of the
   * one before, so that leaving never costs a caller anything. False for one who does not wait.
   */
  abandon(turn: Each): boolean {
    let gap = this.#waiting.indexOf(turn);
    if (gap === -1) return false;
    for (const [index, each] of this.#waiting.entries()) {
      if (index <= gap || each.caller !== turn.caller) continue;
      this.#waiting[gap] = each;
      gap = index;
    }
    this.#waiting.splice(gap, 1);
    return true;
  }
}
