/** A record may be this long: an end of /api/generate holds every token, one of /v1/responses the whole answer. */
const RECORD_CAP_BYTES = 16_777_216;
/** Records that the end of a stream is read from. */
const LAST_RECORDS = 4;

const LINE_FEED = 10;

interface Counted {
  readonly bytes: Buffer;
  readonly records: number;
}

/**
 * Cuts a stream of bytes into runs of complete records without decoding them: what is passed on always ends where
 * a record ends, so that a heartbeat or a failure can follow it.
 * Keeps at most one unfinished record, up to 16 MiB (a RangeError beyond), and the last few complete ones.
 */
export class RecordCutter {
  /** Complete records so far. */
  count = 0;
  readonly #boundary: "\n" | "\n\n";
  #rest: Buffer | undefined;
  #last: Counted[] = [];

  constructor(boundary: "\n" | "\n\n") {
    this.#boundary = boundary;
  }

  /** The bytes of all records that are complete now; undefined when none is. */
  push(read: Buffer): Buffer | undefined {
    const bytes = this.#rest === undefined ? read : Buffer.concat([this.#rest, read]);
    const isWhole = bytes.length > 0 && endsWith(bytes, this.#boundary);
    const end = isWhole ? bytes.length : lastEnd(bytes, this.#boundary);
    this.#rest = end === bytes.length ? undefined : bytes.subarray(end);
    if (this.#rest !== undefined && this.#rest.length > RECORD_CAP_BYTES) {
      throw new RangeError("a record without an end");
    }
    if (end === 0) return undefined;
    const complete = end === bytes.length ? bytes : bytes.subarray(0, end);
    const records = countRecords(complete, this.#boundary);
    this.count += records;
    this.#remember({ bytes: complete, records });
    return complete;
  }

  /** What stands after the last boundary: a record of its own only for those who write no last boundary. */
  end(): Buffer | undefined {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.#remember({ bytes: rest, records: 1 });
    return rest;
  }

  /** The last few records, oldest first, without their boundaries. */
  lastRecords(): string[] {
    const text = Buffer.concat(this.#last.map(({ bytes }) => bytes)).toString("utf8");
    return splitRecords(text, this.#boundary).slice(-LAST_RECORDS);
  }

  #remember(counted: Counted): void {
    this.#last.push(counted);
    let records = this.#last.reduce((sum, each) => sum + each.records, 0);
    for (;;) {
      const [oldest] = this.#last;
      if (oldest === undefined || records - oldest.records < LAST_RECORDS) return;
      records -= oldest.records;
      this.#last.shift();
    }
  }
}

export function splitRecords(text: string, boundary: "\n" | "\n\n"): string[] {
  return text.split(boundary).filter((record) => record.trim() !== "");
}

function endsWith(bytes: Buffer, boundary: "\n" | "\n\n"): boolean {
  const last = bytes.length - 1;
  return bytes[last] === LINE_FEED && (boundary === "\n" || bytes[last - 1] === LINE_FEED);
}

function lastEnd(bytes: Buffer, boundary: "\n" | "\n\n"): number {
  const at = bytes.lastIndexOf(boundary);
  return at === -1 ? 0 : at + boundary.length;
}

function countRecords(bytes: Buffer, boundary: "\n" | "\n\n"): number {
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
