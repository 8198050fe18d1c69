/** The newest results of dear work, so that what is shown again is there at once. */
export class Kept<Value> {
  readonly #values = new Map<string, Value>();
  readonly #limit: number;

  /** `limit`: how many are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#limit && oldest !== undefined) this.#values.delete(oldest);
  }
}
