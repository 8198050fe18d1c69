/** The value below which the given share (0 to 1) of the values lies; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).toSorted();
  const index = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.max(0, index)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return (quantile(values, 0.5) + quantile(values.toReversed(), 0.5)) / 2;
}

/** The largest; without `Math.max(...values)`, whose arguments have to fit on the stack. */
export function maximum(values: readonly number[]): number {
  return quantile(values, 1);
}
