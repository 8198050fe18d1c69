/** How long a deletion can be taken back, in milliseconds, not counting the time that somebody looks at it. */
export const UNDO_MS = 8000;

export interface Undo {
  readonly chatId: string;
  readonly title: string;
  readonly run: () => void;
}

interface Waiting extends Undo {
  /** Milliseconds. */
  left: number;
  /** Milliseconds since 1970; undefined while time stands still. */
  since: number | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** What can be taken back for some seconds, the newest last. Time stands still for as long as something holds it. */
export class UndoList {
  #undos: readonly Waiting[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #holds = new Set<string>();

  readonly read = (): readonly Undo[] => this.#undos;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(undo: Undo): void {
    this.#remove(undo.chatId);
    const waiting = { ...undo, left: UNDO_MS, since: undefined, timer: undefined };
    if (this.#holds.size === 0) this.#go(waiting);
    this.#publish([...this.#undos, waiting]);
  }

  /** Takes it back. Does nothing when its time is over. */
  undo(chatId: string): void {
    const waiting = this.#undos.find((undo) => undo.chatId === chatId);
    this.#remove(chatId);
    waiting?.run();
  }

  /** `reason` is any name: time goes on when no reason holds it any more. */
  hold(reason: string, held: boolean): void {
    const before = this.#holds.size;
    if (held) this.#holds.add(reason);
    else this.#holds.delete(reason);
    if (before === 0 && this.#holds.size > 0)
      this.#undos.forEach((waiting) => this.#stand(waiting));
    if (before > 0 && this.#holds.size === 0) this.#undos.forEach((waiting) => this.#go(waiting));
  }

  #go(waiting: Waiting): void {
    waiting.since = Date.now();
    waiting.timer = setTimeout(() => this.#remove(waiting.chatId), waiting.left);
  }

  #stand(waiting: Waiting): void {
    clearTimeout(waiting.timer);
    if (waiting.since !== undefined) waiting.left -= Date.now() - waiting.since;
    waiting.since = undefined;
  }

  #remove(chatId: string): void {
    const waiting = this.#undos.find((undo) => undo.chatId === chatId);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#publish(this.#undos.filter((undo) => undo !== waiting));
  }

  #publish(undos: readonly Waiting[]): void {
    this.#undos = undos;
    for (const listener of this.#listeners) listener();
  }
}
