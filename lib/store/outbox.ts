import { DELETION, join, NO_EDIT, type ChatEdit } from "./edits.ts";

/** What the outbox needs of the place it writes to; `true`: written. */
export interface Delivery {
  edit(chatId: string, edit: ChatEdit): Promise<boolean>;
  draft(key: string, text: string): Promise<boolean>;
}

/**
 * Changes that are not written yet. What cannot be written stays here, is seen by every reader, and is tried again
 * with the next change: the memory of this visit.
 */
export class Outbox {
  readonly #delivery: Delivery;
  readonly #edits = new Map<string, ChatEdit>();
  readonly #drafts = new Map<string, string>();
  #running: Promise<void> | undefined;
  #again = false;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  get isEmpty(): boolean {
    return this.#edits.size === 0 && this.#drafts.size === 0;
  }

  /** As they are now, however they change later. */
  edits(): ReadonlyMap<string, ChatEdit> {
    return new Map(this.#edits);
  }

  edit(chatId: string): ChatEdit {
    return this.#edits.get(chatId) ?? NO_EDIT;
  }

  draftKeys(): readonly string[] {
    return [...this.#drafts.keys()];
  }

  draft(key: string): string | undefined {
    return this.#drafts.get(key);
  }

  add(chatId: string, edit: ChatEdit): void {
    this.#edits.set(chatId, join(this.edit(chatId), edit));
  }

  addDraft(key: string, text: string): void {
    this.#drafts.set(key, text);
  }

  drop(chatId: string): void {
    this.#edits.delete(chatId);
  }

  /** Tries to write everything; resolves when all of it was tried since the call. */
  flush(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#writeAll();
    }
  }

  async #writeAll(): Promise<void> {
    // Deletions first: they make room.
    const edits = [...this.#edits].toSorted(
      ([, one], [, other]) => Number(other === DELETION) - Number(one === DELETION),
    );
    for (const [chatId, edit] of edits) {
      const written = await this.#delivery.edit(chatId, edit);
      if (written && this.#edits.get(chatId) === edit) this.#edits.delete(chatId);
    }
    for (const [key, text] of this.#drafts) {
      const written = await this.#delivery.draft(key, text);
      if (written && this.#drafts.get(key) === text) this.#drafts.delete(key);
    }
  }
}
