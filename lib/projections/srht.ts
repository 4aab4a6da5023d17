import { fillSigns, sample, splitSeed } from "../support/random.js";
import { hadamard, powerOfTwo } from "./hadamard.js";
import { checkedOptions, projection, type Projection, type ProjectionOptions } from "./projection.js";

/**
 * Subsampled randomised Hadamard transform, global: P = S H[I, J] B / sqrt(D), with H over L = D rounded up to a power of two,
 * I a random choice of D of its rows in order, J one of d of its columns, S random signs of the weights, B of the coordinates
 * (H's first row is all ones: without B, weight 0 could be the plain sum of z). Every entry is +-1 / sqrt(D), so columns have
 * norm 1 exactly; for D = L also P^T P = I exactly. Ailon, Chazelle 2009 (SIAM J. Comput. 39(1)); Tropp 2011 (arXiv 1011.1595).
 *
 * The rows are not simply the first D: those of a Hadamard matrix can have far less than full rank in d columns.
 * Cost: one transform, O(L log L) time; 5 bytes for each of L and 1 byte a weight of memory.
 * @throws {RangeError} if not 1 <= d <= D.
 */
export function srhtProjection(options: ProjectionOptions): Projection {
  const { D, d, seed } = checkedOptions("srhtProjection", options);
  const L = powerOfTwo(D);
  const dropped = new Uint8Array(L); // 1 for the rows that are not in I
  for (const row of sample(L, L - D, splitSeed(seed, "srht:I"))) dropped[row] = 1;
  const J = sample(L, d, splitSeed(seed, "srht:J"));
  const S = fillSigns(new Int8Array(D), splitSeed(seed, "srht:S"));
  const B = fillSigns(new Int8Array(d), splitSeed(seed, "srht:B"));
  const wide = new Float32Array(L);
  const scale = 1 / Math.sqrt(D);
  return projection("srht", options, {
    apply(z, out) {
      wide.fill(0);
      for (let j = 0; j < d; j++) wide[J[j]!] = B[j]! * z[j]!;
      hadamard(wide);
      for (let k = 0, i = 0; k < L; k++) {
        if (dropped[k]) continue;
        out[i] = S[i]! * wide[k]! * scale;
        i++;
      }
    },
    adjoint(g, out) {
      for (let k = 0, i = 0; k < L; k++) {
        wide[k] = dropped[k] ? 0 : S[i]! * g[i]!;
        if (!dropped[k]) i++;
      }
      hadamard(wide);
      for (let j = 0; j < d; j++) out[j] = B[j]! * wide[J[j]!]! * scale;
    },
  });
}
