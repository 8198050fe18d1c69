const PAGE = 5;

/** The place a key leads to in a list of this length, round its ends; undefined for another key or an empty list. */
export function moveIn(length: number, from: number, key: string): number | undefined {
  if (length === 0) return undefined;
  const last = length - 1;
  const places: Readonly<Record<string, number>> = {
    ArrowDown: from >= last ? 0 : from + 1,
    ArrowUp: from <= 0 ? last : from - 1,
    PageDown: Math.min(last, from + PAGE),
    PageUp: Math.max(0, from - PAGE),
    Home: 0,
    End: last,
  };
  return Object.hasOwn(places, key) ? places[key] : undefined;
}
