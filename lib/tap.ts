import type { IncomingMessage } from "node:http";
import { countPieces, flushSoon, forget, type Gathering } from "./gather.ts";

/** So much is worth a step of its own: waiting for more would save nothing. */
const LARGE_BYTES = 32_768;
/** A stream that brings so many pieces in one moment is better read all at once. */
const DENSE_PIECES = 6;

/**
 * Takes an answer's bytes: small HTTP chunks of one network read together, since Node hands on each by itself and a
 * fast engine makes one of each token; and, while this process is busy, those of a few milliseconds together. Of a
 * dense stream even the reading rests meanwhile: a token costs its read most of all. The first are taken at once.
 * While it is held, nothing is taken, and soon nothing comes.
 */
export class Tap implements Gathering {
  readonly #answer: IncomingMessage;
  /** Not in one array: of most there is only the first, and a thousand streams make many. */
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #size = 0;
  #piecesBefore = 0;
  #take: ((bytes: Buffer) => void) | undefined;
  #hasTaken = false;
  #isResting = false;
  #isLarge = false;
  isHeld = false;

  constructor(answer: IncomingMessage) {
    this.#answer = answer;
  }

  hold(): void {
    this.isHeld = true;
    this.#answer.pause();
  }

  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    if (!this.#isResting) this.#answer.resume();
  }

  /** `take` is called with what came since the last time, `onBytes` for each such time. */
  open(take: (bytes: Buffer) => void, onBytes: () => void): void {
    this.#take = take;
    this.#answer.on("data", (bytes: Buffer) => {
      this.#size += bytes.length;
      if (this.#first === undefined) {
        this.#first = bytes;
        onBytes();
        this.#gather();
      } else if (this.#more === undefined) this.#more = [bytes];
      else this.#more.push(bytes);
      if (this.#size < LARGE_BYTES) return;
      this.#isLarge = true;
      this.flush();
    });
  }

  /** Takes what is still to be taken. */
  flush(): void {
    const first = this.#first;
    const more = this.#more;
    if (first === undefined) return;
    this.#first = undefined;
    this.#more = undefined;
    this.#piecesBefore = 1 + (more?.length ?? 0);
    this.#size = 0;
    this.#hasTaken = true;
    this.#take?.(more === undefined ? first : Buffer.concat([first, ...more]));
  }

  /** Reads on after a rest. @returns whether there is more to come now, and flushing should wait for it */
  wake(): boolean {
    if (!this.#isResting) return false;
    this.#isResting = false;
    if (!this.isHeld) this.#answer.resume();
    return true;
  }

  /** Takes no more. */
  close(): void {
    forget(this);
    this.#take = undefined;
    this.#first = undefined;
    this.#more = undefined;
  }

  #gather(): void {
    const isDense = this.#piecesBefore >= DENSE_PIECES;
    const isBusy = countPieces(Math.max(1, this.#piecesBefore));
    // All chunks of one read are handed on before any microtask runs.
    if (!isBusy || !this.#hasTaken) queueMicrotask(() => this.flush());
    else {
      flushSoon(this);
      if (isDense) queueMicrotask(() => this.#rest());
    }
  }

  /** Not where a single read brings much: then there is nothing to save. */
  #rest(): void {
    const wasLarge = this.#isLarge;
    this.#isLarge = false;
    if (wasLarge || this.#take === undefined || this.#first === undefined) return;
    this.#isResting = true;
    this.#answer.pause();
  }
}
