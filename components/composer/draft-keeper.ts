/** Where drafts are kept; a chat store has both. */
export interface Drafts {
  read(key: string): Promise<string>;
  /** An empty text takes the draft out. */
  save(key: string, text: string): Promise<void>;
}

const BATCH_MS = 250;

/**
 * Keeps what is being written: saved a moment after typing pauses or goes on, at once on demand. The store may be
 * slow or fail; the text in the box always goes before what it has.
 */
export class DraftKeeper {
  readonly #drafts: Drafts;
  #key: string | undefined;
  /** Whether somebody wrote or sent since the key was opened: what the store has comes too late then. */
  #isTouched = false;
  #waiting: { readonly key: string; readonly text: string } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  /** Turns to a chat. `show` is called with its draft, unless something was written or sent before it came. */
  async open(key: string, show: (text: string) => void): Promise<void> {
    this.flush();
    this.#key = key;
    this.#isTouched = false;
    // A draft that cannot be read is like none.
    const text = await this.#drafts.read(key).catch(() => "");
    if (this.#key === key && !this.#isTouched && text !== "") show(text);
  }

  /** The text is now this one. */
  write(text: string): void {
    if (this.#key === undefined) return;
    this.#isTouched = true;
    this.#waiting = { key: this.#key, text };
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** The text was sent: it must not come back, not even after the page is closed this moment. */
  clear(): void {
    this.write("");
    this.flush();
  }

  /** Saves what waits for its moment. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    // Nobody is helped by an alert here: the text is still in the box, and its next change is saved again.
    void this.#drafts.save(waiting.key, waiting.text).catch(() => undefined);
  }
}
