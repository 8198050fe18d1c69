import { RelayError } from "../errors.ts";
import { RecordCutter, splitRecords } from "../wire/records.ts";
import type { StreamRules, StreamUsage } from "../wire/stream-kinds.ts";
import type { MeteredReader } from "./task.ts";

/**
 * Passes a stream on byte for byte, record by record. Looks into it only where it ends, and where a record may be
 * Ollama's word that it failed: that one is held back, since its text is not for the caller.
 */
export class SurfaceReader implements MeteredReader {
  readonly isSeen = true;
  usage: StreamUsage | undefined;
  readonly #rules: StreamRules;
  readonly #cutter: RecordCutter;
  readonly #write: (bytes: Buffer) => void;

  constructor(rules: StreamRules, write: (bytes: Buffer) => void) {
    this.#rules = rules;
    this.#cutter = new RecordCutter(rules.boundary);
    this.#write = write;
  }

  get tokenRecords(): number {
    return Math.max(0, this.#cutter.count - this.#rules.overhead);
  }

  take(bytes: Buffer): boolean {
    let mayEnd = false;
    for (const complete of this.#cutter.push(bytes)) {
      this.#pass(complete);
      mayEnd ||= complete.includes(this.#rules.endMark);
    }
    // The answer is complete with its last record, whatever becomes of the connection after it.
    if (mayEnd) this.usage = this.#rules.readEnd(this.#cutter.lastRecords());
    return this.usage !== undefined;
  }

  end(): boolean {
    const rest = this.#cutter.end();
    this.usage = this.#rules.readEnd(this.#cutter.lastRecords());
    if (this.usage === undefined) return false;
    if (rest !== undefined) this.#pass(Buffer.concat([rest, Buffer.from(this.#rules.boundary)]));
    return true;
  }

  #pass(complete: Buffer): void {
    if (complete.includes(this.#rules.failureMark)) this.#throwFailure(complete);
    this.#write(complete);
  }

  /** Writes what came before the failure. */
  #throwFailure(complete: Buffer): void {
    const { boundary, isFailure } = this.#rules;
    const records = splitRecords(complete.toString("utf8"), boundary);
    const index = records.findIndex(isFailure);
    if (index === -1) return;
    const before = records.slice(0, index).map((record) => record + boundary);
    if (before.length > 0) this.#write(Buffer.from(before.join("")));
    throw new RelayError("ollama_failed", { cause: "an error in the stream" });
  }
}
