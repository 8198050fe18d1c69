/** Something a person can do something about: what broke, and the one thing to do. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly fix: string;
  /** The last lines of what the failed program said. */
  readonly lastLines: readonly string[];

  constructor(message: string, fix: string, lastLines: readonly string[] = []) {
    super(message);
    this.fix = fix;
    this.lastLines = lastLines;
  }
}
