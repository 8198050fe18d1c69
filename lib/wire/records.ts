/** A record may be this long: an end of /api/generate holds every token, one of /v1/responses the whole answer. */
const RECORD_CAP_BYTES = 16_777_216;
/** Records that the end of a stream is read from. */
const LAST_RECORDS = 4;

const LINE_FEED = 10;

/** Records are counted one by one so far, and by their mean length beyond: the number is for an estimate only. */
const COUNTED_BYTES = 262_144;
/** A run of records as long as this is not copied for the sake of a piece of one before it. */
const COPIED_BYTES = 8_192;

type Boundary = "\n" | "\n\n";

/**
 * Cuts a stream of bytes into runs of complete records without decoding them: what is passed on always ends where
 * a record ends, so that a heartbeat or a failure can follow it.
 * Keeps at most one unfinished record, up to 16 MiB (a RangeError beyond), and the last few complete runs.
 */
export class RecordCutter {
  readonly #boundary: Boundary;
  #rest: Buffer | undefined;
  /** Each holds a record at least. */
  #last: Buffer[] = [];
  #bytes = 0;
  #countedBytes = 0;
  #counted = 0;

  constructor(boundary: Boundary) {
    this.#boundary = boundary;
  }

  /** Complete records so far; of a long stream an estimate. */
  get count(): number {
    if (this.#countedBytes === this.#bytes) return this.#counted;
    return Math.round((this.#counted * this.#bytes) / this.#countedBytes);
  }

  /** The bytes of all records that are complete now, in as many pieces as save copying them. */
  push(read: Buffer): readonly Buffer[] {
    const pieces = this.#joined(read);
    const last = pieces.pop();
    if (last === undefined) return [];
    const end = endOfLast(last, this.#boundary);
    this.#keep(end === last.length ? undefined : last.subarray(end));
    if (end > 0) pieces.push(end === last.length ? last : last.subarray(0, end));
    for (const piece of pieces) this.#note(piece);
    return pieces;
  }

  /** What stands after the last boundary: a record of its own only for those who write no last boundary. */
  end(): Buffer | undefined {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.#note(rest);
    return rest;
  }

  /** The last few records, oldest first, without their boundaries. */
  lastRecords(): string[] {
    const text = Buffer.concat(this.#last).toString("utf8");
    return splitRecords(text, this.#boundary).slice(-LAST_RECORDS);
  }

  /** What was kept, with what came; of a long read only the beginning is copied, up to the end of the kept record. */
  #joined(read: Buffer): Buffer[] {
    const rest = this.#rest;
    if (rest === undefined) return [read];
    if (read.length <= COPIED_BYTES) return [Buffer.concat([rest, read])];
    const head = Buffer.concat([rest, read.subarray(0, COPIED_BYTES)]);
    const end = endOfLast(head, this.#boundary);
    if (end <= rest.length) return [Buffer.concat([rest, read])];
    return [head.subarray(0, end), read.subarray(end - rest.length)];
  }

  #keep(rest: Buffer | undefined): void {
    if (rest !== undefined && rest.length > RECORD_CAP_BYTES) {
      throw new RangeError("a record without an end");
    }
    this.#rest = rest;
  }

  #note(run: Buffer): void {
    this.#bytes += run.length;
    if (this.#countedBytes < COUNTED_BYTES) {
      this.#counted += countRecords(run, this.#boundary);
      this.#countedBytes += run.length;
    }
    this.#last.push(run);
    if (this.#last.length > LAST_RECORDS) this.#last.shift();
  }
}

export function splitRecords(text: string, boundary: Boundary): string[] {
  return text.split(boundary).filter((record) => record.trim() !== "");
}

/** Where the last complete record ends; 0 when none is complete. */
function endOfLast(bytes: Buffer, boundary: Boundary): number {
  const last = bytes.length - 1;
  const isWhole = bytes[last] === LINE_FEED && (boundary === "\n" || bytes[last - 1] === LINE_FEED);
  if (isWhole) return bytes.length;
  const at = bytes.lastIndexOf(boundary);
  return at === -1 ? 0 : at + boundary.length;
}

function countRecords(bytes: Buffer, boundary: Boundary): number {
  let records = 0;
  for (
    let at = bytes.indexOf(boundary);
    at !== -1;
    at = bytes.indexOf(boundary, at + boundary.length)
  ) {
    records += 1;
  }
  return records;
}
