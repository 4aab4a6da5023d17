import { fillSigns, splitSeed } from "../support/random.js";
import { dealInRuns } from "./assignment.js";
import { checkedOptions, projection, type Projection, type ProjectionOptions } from "./projection.js";

/**
 * Very sparse random signs: a share of about 1 / sqrt(D) of the entries is +-1 / sqrt(n_j), n_j being the number in column j,
 * so every column has norm 1 exactly. Li, Hastie, Church 2006 ("Very sparse random projections", KDD), as Li et al. 2018 use it.
 *
 * There entries are drawn independently, which leaves most weights out where d < sqrt(D). Here each row has exactly
 * k = ceil(d / sqrt(D)) entries, one in each of k equal ranges of the coordinates, dealt evenly (Nelson, Nguyen 2013,
 * arXiv 1211.1002: OSNAP's block construction): every weight and every coordinate is reached.
 * Cost: O(D k) time, O(d) memory, because entries are made again from the seed each time.
 * @throws {RangeError} if not 1 <= d <= D.
 */
export function sparseProjection(options: ProjectionOptions): Projection {
  const { D, d, seed } = checkedOptions("sparseProjection", options);
  const k = Math.ceil(d / Math.sqrt(D));
  const scale = new Float64Array(d);
  forRuns((columns, _signs, _first, count) => {
    for (let i = 0; i < count; i++) scale[columns[i]!]!++;
  });
  for (let j = 0; j < d; j++) scale[j] = 1 / Math.sqrt(scale[j]!);

  /** Calls use(columns, signs, firstRow, rows) for each run of rows of each range: one entry a row. */
  function forRuns(use: (columns: Uint32Array, signs: Int8Array, first: number, count: number) => void): void {
    for (let range = 0; range < k; range++) {
      const from = Math.floor(range * d / k), n = Math.floor((range + 1) * d / k) - from;
      const columns = new Uint32Array(n), signs = new Int8Array(n);
      const signSeed = splitSeed(seed, `sparse:signs:${range}`);
      dealInRuns({ n, rows: D, seed: splitSeed(seed, `sparse:columns:${range}`) }, (dealt, first, count) => {
        for (let i = 0; i < count; i++) columns[i] = dealt[i]! + from;
        use(columns, fillSigns(signs, signSeed, first), first, count);
      });
    }
  }
  return projection("sparse", options, {
    apply(z, out) {
      const scaled = Float64Array.from(z, (value, j) => value * scale[j]!);
      out.fill(0);
      forRuns((columns, signs, first, count) => {
        for (let i = 0; i < count; i++) out[first + i]! += signs[i]! * scaled[columns[i]!]!;
      });
    },
    adjoint(g, out) {
      const sums = new Float64Array(d);
      forRuns((columns, signs, first, count) => {
        for (let i = 0; i < count; i++) sums[columns[i]!]! += signs[i]! * g[first + i]!;
      });
      for (let j = 0; j < d; j++) out[j] = sums[j]! * scale[j]!;
    },
  });
}
