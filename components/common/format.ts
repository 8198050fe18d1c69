import { strings } from "../strings/strings.ts";

const MINUTE_SECONDS = 60;

const decimals = (digits: number) =>
  new Intl.NumberFormat(strings.language, {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  });
const [whole, tenths] = [decimals(0), decimals(1)];

/** A duration a person reads at a glance: `0.4 s`, `12 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${tenths.format(seconds)} s`;
  const rounded = Math.round(seconds);
  if (rounded < MINUTE_SECONDS) return `${rounded} s`;
  return `${Math.floor(rounded / MINUTE_SECONDS)} min ${rounded % MINUTE_SECONDS} s`;
}

/** A rate or a count, with one digit behind the point where it is small. */
export function formatNumber(value: number): string {
  return (value < 100 && !Number.isInteger(value) ? tenths : whole).format(value);
}

/** Bytes on disk, as the makers of models count them: powers of ten. */
export function formatSize(bytes: number): string {
  if (bytes >= 1e9) return `${tenths.format(bytes / 1e9)} GB`;
  return bytes >= 1e6 ? `${whole.format(bytes / 1e6)} MB` : `${whole.format(bytes / 1e3)} KB`;
}
