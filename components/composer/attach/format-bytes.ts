import { strings } from "../../strings/strings.ts";

const decimals = (digits: number) =>
  new Intl.NumberFormat(strings.language, { maximumFractionDigits: digits });
const [whole, tenths] = [decimals(0), decimals(1)];

/** Bytes of a file or a request, for a limit that is counted in powers of ten: `1 KB`, `412 KB`, `1.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes >= 999_500) return `${tenths.format(bytes / 1e6)} MB`;
  return `${whole.format(Math.max(1, bytes / 1e3))} KB`;
}
