/** Follows one answer and holds every byte of it against what it ought to be. */
export interface Check {
  /** @returns tokens that are complete with these bytes */
  push(bytes: Buffer): number;
  /** What is wrong or missing, now that the answer has ended; undefined when each byte is accounted for. */
  problem(): string | undefined;
}

/** Counts the ends that have been passed; asked with growing places only. */
export class Progress {
  readonly #ends: Uint32Array;
  #passed = 0;

  constructor(ends: Uint32Array) {
    this.#ends = ends;
  }

  at(place: number): number {
    while (this.#passed < this.#ends.length && (this.#ends[this.#passed] ?? 0) <= place) {
      this.#passed += 1;
    }
    return this.#passed;
  }
}
