/** Relative entropy between two coins, and its inverse: the sharpest way from a measured share to a bound on the true one. */
import { requireNumber } from "../support/checks.js";

/** x ln(x / y), 0 at x = 0. */
const part = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(x / y));

/** kl(q || p) in nats between coins that fall with probability q and p; Infinity where p excludes what q allows. */
export function binaryKl(q: number, p: number): number {
  requireNumber("binaryKl", "q", q, 0, 1);
  requireNumber("binaryKl", "p", p, 0, 1);
  if ((p === 0 && q > 0) || (p === 1 && q < 1)) return Infinity;
  return Math.max(0, part(q, p) + part(1 - q, 1 - p));
}

/** What float64 may lose in the difference of two entropies: on the safe side. */
const rounding = 4 * Number.EPSILON;

/**
 * The largest p with kl(q || p) <= nats: by Chernoff, m rows with a share q of errors have a true error above it with
 * probability at most exp(-m nats). By bisection, to the last digits; rounded upwards, so that it stays a bound.
 */
export function klInverse(q: number, nats: number): number {
  requireNumber("klInverse", "q", q, 0, 1);
  requireNumber("klInverse", "nats", nats, 0);
  let low = q, high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = low + (high - low) / 2;
    if (binaryKl(q, middle) <= nats + rounding) low = middle;
    else high = middle;
  }
  return high;
}
