/** Pixels that models see at most; a longer edge only costs tokens and time. */
export const LONGEST_EDGE = 1_568;

const EDGES = [LONGEST_EDGE, 1_254, 1_003, 802, 642, 512, 410, 320];
const QUALITIES = [0.86, 0.74, 0.6];

/** A size in pixels and a quality to try. */
export interface Attempt {
  readonly width: number;
  readonly height: number;
  /** Of the encoder, from 0 to 1. */
  readonly quality: number;
}

/** What to try in turn until a picture is small enough: quality gives way first, then size. Nothing is enlarged. */
export function scalePlan(width: number, height: number): Attempt[] {
  const longest = Math.max(width, height);
  const edges =
    longest > LONGEST_EDGE ? EDGES : [longest, ...EDGES.filter((edge) => edge < longest)];
  return edges.flatMap((edge) => {
    const scaled = (length: number) => Math.max(1, Math.round((length * edge) / longest));
    return QUALITIES.map((quality) => ({ width: scaled(width), height: scaled(height), quality }));
  });
}
