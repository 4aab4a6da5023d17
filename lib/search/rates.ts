/**
 * Learning rates for every d. With unit columns a step of `rate` in each of d coordinates moves theta by rate * sqrt(d), and
 * full fine-tuning moves it by rate * sqrt(D); equal steps ask for rate(d) = rate(full) * sqrt(D/d). Adam in a random
 * subspace bears more: on all-MiniLM-L6-v2 and MRPC (full rate 1e-4, D = 22.7 M, three epochs) DID at d = 1,000 stays at the
 * majority class with 0.01 and reaches 0.703 with 0.1, 0.716 with 0.3; at d = 5,000 0.728 with 0.03, 0.767 with 0.1. So the
 * rule has a factor c of about 10, and what it gives is only where a walk in factors of three begins.
 */

/** Factor between neighbouring candidates. */
export const RUNG = 3;

/** What the rule needs. */
export interface RateRule {
  /** Best learning rate of full fine-tuning. */
  fullRate: number;
  /** c; default of the search: 10. */
  rateMultiplier: number;
  /** D. */
  ambientDimension: number;
}

/** The learning rate at `d`, `rung` steps of a factor 3 from the rule, to three digits: c lr(full) sqrt(D/d) 3^rung. */
export function rateAt({ fullRate, rateMultiplier, ambientDimension }: RateRule, d: number, rung: number): number {
  return Number((fullRate * rateMultiplier * Math.sqrt(ambientDimension / d) * RUNG ** rung).toPrecision(3));
}

/** A candidate that was tried; a diverged one has metric null. */
export interface TriedRate {
  rung: number;
  metric: number | null;
}

const scoreOf = ({ metric }: TriedRate): number => metric ?? -Infinity;

/** The best of `tried`; the earliest among equals. Undefined when there is none. */
export function bestRate<T extends TriedRate>(tried: readonly T[]): T | undefined {
  return tried.reduce<T | undefined>((best, one) => (best === undefined || scoreOf(one) > scoreOf(best) ? one : best), undefined);
}

/**
 * The walk over rates at one d: from `start` to neighbours of the best, while that improves. Where several are equal (all
 * stay at the majority class) it widens on both sides, upwards first, but never beyond a rate that diverged.
 * @param limit largest number of rates.
 * @returns the rung to try next; null when the walk has ended.
 */
export function nextRung(tried: readonly TriedRate[], start: number, limit: number): number | null {
  if (tried.length === 0) return start;
  if (tried.length >= limit) return null;
  const known = new Set(tried.map(({ rung }) => rung));
  const ceiling = Math.min(...tried.map(({ rung, metric }) => (metric === null ? rung : Infinity)));
  const top = Math.max(...tried.map(scoreOf));
  const candidates = tried.filter((one) => scoreOf(one) === top)
    .flatMap(({ rung }) => [rung + 1, rung - 1])
    .filter((rung) => !known.has(rung) && rung < ceiling);
  if (candidates.length === 0) return null;
  return candidates.reduce((best, rung) => (preference(rung, start) < preference(best, start) ? rung : best));
}

/** Near to the start first, upwards before downwards: a rate too small is the usual failure. */
const preference = (rung: number, start: number): number => Math.abs(rung - start) + (rung > start ? 0 : 0.5);
