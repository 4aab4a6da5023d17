import { fillSigns, splitSeed } from "../support/random.js";
import { hadamard, powerOfTwo } from "./hadamard.js";
import { checkedOptions, projection, type Projection, type ProjectionOptions } from "./projection.js";

/** What P is made of, in the terms of its formula (see srhtBlockedProjection). */
export interface SrhtBlockedParts {
  D: number;
  d: number;
  /** n: rows of a Hadamard block, d rounded up to a power of two. */
  block: number;
  /** How many blocks have signs S_b of their own. */
  patterns: number;
  /** Q = patterns * block: from here on the blocks come again, under other signs T. */
  period: number;
  /** S [patterns, d]. */
  innerSigns: Int8Array;
  /** Fills `out` with T [D]. */
  outerSigns(out: Int8Array): Int8Array;
  /** 1 / sqrt(D). */
  scale: number;
}

/** Weights that share no row of the blocks: 1 MB of floats, which a level-2 cache holds. */
const PERIOD = 2 ** 18;
const MIN_PATTERNS = 16;

/** The parts of P. @throws {RangeError} if not 1 <= d <= D. */
export function srhtBlockedParts(options: ProjectionOptions): SrhtBlockedParts {
  const { D, d, seed } = checkedOptions("srhtBlockedProjection", options);
  const block = powerOfTwo(d);
  const patterns = Math.min(Math.ceil(D / block), Math.max(MIN_PATTERNS, PERIOD / block));
  const outerSeed = splitSeed(seed, "srht-blocked:T");
  return {
    D, d, block, patterns, period: patterns * block,
    innerSigns: fillSigns(new Int8Array(patterns * d), splitSeed(seed, "srht-blocked:S")),
    outerSigns: (out) => fillSigns(out, outerSeed),
    scale: 1 / Math.sqrt(D),
  };
}

/**
 * Blocked SRHT, the default: theta_i = T_i y_(i mod Q) / sqrt(D), y = [H S_1 [z; 0]; H S_2 [z; 0]; ...] of length Q, with H
 * [n, n] Hadamard, n = d rounded up to a power of two, S_b the signs of block b and T a sign for each weight.
 *
 * - Every entry of P is +-1 / sqrt(D): unit columns exactly, and every weight depends on every coordinate.
 * - P^T P = I exactly where n divides D, and else but for the last, cut block: within n / D.
 * - Without T, the sum of a block's weights would depend on coordinate 0 alone, as H's other columns sum to zero.
 * - y has 2^18 values, or 16 n where that is more: two weights Q apart share a row of H S_b up to sign, which adds d / Q of
 *   itself to the variance of ||P^T g||^2. So the transform stays in cache, and what is left at size D is one product.
 * Tropp 2011 (arXiv 1011.1595) for T and H; Le, Sarlos, Smola 2013 (Fastfood, ICML) for stacked blocks.
 * Cost: O(D + Q log n) time; 1 byte a weight of memory.
 * @throws {RangeError} if not 1 <= d <= D.
 */
export function srhtBlockedProjection(options: ProjectionOptions): Projection {
  const { D, d, block, period, innerSigns: S, outerSigns, scale } = srhtBlockedParts(options);
  const T = outerSigns(new Int8Array(D));
  const y = new Float32Array(period);
  const forBlocks = (use: (start: number, signs: number) => void): void => {
    for (let start = 0, signs = 0; start < period; start += block, signs += d) use(start, signs);
  };
  return projection("srht-blocked", options, {
    apply(z, out) {
      y.fill(0);
      forBlocks((start, signs) => {
        for (let j = 0; j < d; j++) y[start + j] = S[signs + j]! * z[j]!;
        hadamard(y, start, block);
      });
      for (let q = 0; q < period; q++) y[q]! *= scale;
      for (let from = 0; from < D; from += period) {
        for (let i = from, end = Math.min(from + period, D); i < end; i++) out[i] = T[i]! * y[i - from]!;
      }
    },
    adjoint(g, out) {
      const folded = new Float64Array(period), sums = new Float64Array(d);
      for (let from = 0; from < D; from += period) {
        for (let i = from, end = Math.min(from + period, D); i < end; i++) folded[i - from]! += T[i]! * g[i]!;
      }
      y.set(folded);
      forBlocks((start, signs) => {
        hadamard(y, start, block);
        for (let j = 0; j < d; j++) sums[j]! += S[signs + j]! * y[start + j]!;
      });
      for (let j = 0; j < d; j++) out[j] = sums[j]! * scale;
    },
  });
}
