import { formatDuration } from "../common/format.ts";
import { strings } from "../strings/strings.ts";

const TENTHS_UNTIL_MS = 9500;

/** A duration of a clock that ticks once a second: `3 s`, `12 s`, `2 min 5 s`. */
export function formatSeconds(milliseconds: number): string {
  return milliseconds < TENTHS_UNTIL_MS
    ? strings.status.seconds(Math.round(milliseconds / 1000))
    : formatDuration(milliseconds);
}
