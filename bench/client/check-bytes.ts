import type { Script } from "../wire/script.ts";
import { Progress, type Check } from "./check.ts";

const NEWLINE = 10;
const COLON = 58;

/**
 * For answers that are relayed byte for byte. Between two records a heartbeat may stand: an SSE comment,
 * or an empty line.
 */
export class BytesCheck implements Check {
  readonly #expected: Buffer;
  readonly #progress: Progress;
  #place = 0;
  #inComment = false;
  #wrong: string | undefined;

  constructor(script: Script) {
    this.#expected = script.bytes;
    this.#progress = new Progress(script.byteEnds);
  }

  push(bytes: Buffer): number {
    const end = this.#place + bytes.length;
    const same = !this.#inComment && bytes.equals(this.#expected.subarray(this.#place, end));
    if (same) this.#place = end;
    else this.#pushSlowly(bytes);
    return this.#progress.at(this.#place);
  }

  problem(): string | undefined {
    const wanted = this.#expected.length;
    if (this.#wrong === undefined && this.#place < wanted) {
      return `${this.#place} of ${wanted} bytes came`;
    }
    return this.#wrong;
  }

  #pushSlowly(bytes: Buffer): void {
    for (const byte of bytes) {
      if (this.#wrong !== undefined) return;
      if (this.#inComment) this.#inComment = byte !== NEWLINE;
      else if (byte === this.#expected[this.#place]) this.#place += 1;
      else if (this.#atLineStart() && byte === COLON) this.#inComment = true;
      else if (!this.#atLineStart() || byte !== NEWLINE) {
        this.#wrong = `byte ${this.#place} is ${byte} instead of ${this.#expected[this.#place]}`;
      }
    }
  }

  #atLineStart(): boolean {
    return this.#place === 0 || this.#expected[this.#place - 1] === NEWLINE;
  }
}
