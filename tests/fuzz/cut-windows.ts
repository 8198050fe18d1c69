/** A stretch of a long stream and its end: itself a stream, short enough to be cut at each of its bytes. */
export interface Window {
  readonly stream: Buffer;
  /** Offsets to cut at: together, the windows' are all bytes of the long stream. */
  readonly from: number;
  readonly to: number;
}

/** Above it, the time for all cuts grows out of proportion, and all of the middle's records are alike. */
const LONG_BYTES = 2_500;
/** Records that are cut in a window, those that stand before them, and those that end it. */
const CUT = 4;
const BEFORE = 4;
const LAST = 4;

/** The stream itself where it is short. */
export function windowsOf(bytes: Buffer, boundary: string): Window[] {
  if (bytes.length <= LONG_BYTES) return [{ stream: bytes, from: 0, to: bytes.length }];
  const records = bytes
    .toString("latin1")
    .split(boundary)
    .filter((record) => record !== "")
    .map((record) => Buffer.from(record + boundary, "latin1"));
  const windows: Window[] = [];
  for (let first = 0; first < records.length; first += CUT) {
    const next = first + CUT;
    const before = Buffer.concat(records.slice(Math.max(0, first - BEFORE), first));
    const cut = Buffer.concat(records.slice(first, next));
    const last = records.slice(Math.max(next, records.length - LAST));
    windows.push({
      stream: Buffer.concat([before, cut, ...last]),
      from: before.length,
      to: before.length + cut.length,
    });
  }
  return windows;
}
