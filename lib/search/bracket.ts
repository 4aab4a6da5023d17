/** Where the threshold is crossed on a grid of positions 0 ... size - 1: outward in growing steps, then bisection. */

/** What one position says about the threshold; `open`: not tried, or rates remain to be tried. */
export type Status = "reaches" | "fails" | "open";

/** Positions known to fail and to reach the threshold; null where none is known. */
export interface Bracket {
  lower: number | null;
  upper: number | null;
}

/**
 * The bracket that `statuses` give: upper is the smallest position that reaches (the definition of d90), lower the largest
 * below it that fails. A failure above upper contradicts monotony: it is a violation, and does not move the bracket.
 */
export function bracketOf(statuses: readonly Status[]): Bracket {
  const upper = statuses.indexOf("reaches");
  const lower = statuses.lastIndexOf("fails", upper < 0 ? statuses.length - 1 : upper);
  return { lower: lower < 0 ? null : lower, upper: upper < 0 ? null : upper };
}

/** Positions above the bracket that fail. */
export function violationsOf(statuses: readonly Status[]): number[] {
  const { upper } = bracketOf(statuses);
  return upper === null ? [] : statuses.flatMap((status, position) => (status === "fails" && position > upper ? [position] : []));
}

/** Where to begin and how far the first step outward goes, in positions. */
export interface Approach {
  start: number;
  stride: number;
}

/**
 * The position to try next; null when the bracket is as narrow as the grid allows. From `start` the steps outward double
 * (stride, 2 stride, 4 stride ...), so a crossing n positions away takes about 2 log2(n) tries; between two ends it bisects.
 */
export function nextPosition({ lower, upper }: Bracket, size: number, { start, stride }: Approach): number | null {
  if (lower === null && upper === null) return start;
  if (upper === null) {
    if (lower === size - 1) return null;
    return lower! < start ? start : Math.min(size - 1, lower! + (lower! - start) + stride);
  }
  if (lower === null) {
    if (upper === 0) return null;
    return upper > start ? start : Math.max(0, upper - (start - upper) - stride);
  }
  return upper - lower > 1 ? (lower + upper) >> 1 : null;
}
