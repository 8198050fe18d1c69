/**
 * Milliseconds of the one monotonic clock that all processes of a machine share (what
 * `process.hrtime` reads), so that the upstream's schedule and the client's arrivals can be
 * compared; `performance.now()` alone counts from each process' own start.
 */
const OFFSET_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export function now(): number {
  return performance.now() + OFFSET_MS;
}
