import { fillGaussians, fillSigns, permutation, splitSeed } from "../support/random.js";
import { hadamard, powerOfTwo } from "./hadamard.js";
import { checkedOptions, projection, type Projection, type ProjectionOptions } from "./projection.js";

/**
 * Global Fastfood, the paper's projection: P z = c (H G Pi H B [z; 0]) cut to D rows, over L = D rounded up to a power of
 * two; B signs, Pi a permutation, G Gaussians, c = 1 / (sqrt(D) ||G||), so that E||P z||^2 = ||z||^2 exactly.
 * For D = d = L the singular values are |G_k| sqrt(L) / ||G||. Le, Sarlos, Smola 2013 (Fastfood, ICML), equation 7;
 * Aghajanyan et al. 2020 (arXiv 2012.13255), equation 3.
 *
 * With dp = d rounded up to a power of two, H_L [x; 0] is H_dp x repeated L / dp times: one transform is large, the other small.
 * Cost: O(L log L) time; 12 bytes of memory for each of L.
 * @throws {RangeError} if not 1 <= d <= D.
 */
export function fastfoodProjection(options: ProjectionOptions): Projection {
  const { D, d, seed } = checkedOptions("fastfoodProjection", options);
  const L = powerOfTwo(D), dp = powerOfTwo(d);
  const B = fillSigns(new Int8Array(d), splitSeed(seed, "fastfood:B"));
  const Pi = permutation(L, splitSeed(seed, "fastfood:Pi"));
  const G = fillGaussians(new Float32Array(L), splitSeed(seed, "fastfood:G"));
  const c = 1 / (Math.sqrt(D) * norm(G));
  const wide = new Float32Array(L), narrow = new Float32Array(dp);
  return projection("fastfood", options, {
    apply(z, out) {
      narrow.fill(0);
      for (let j = 0; j < d; j++) narrow[j] = B[j]! * z[j]!;
      hadamard(narrow);
      for (let k = 0; k < L; k++) wide[k] = G[k]! * narrow[Pi[k]! & (dp - 1)]!;
      hadamard(wide);
      for (let i = 0; i < D; i++) out[i] = wide[i]! * c;
    },
    adjoint(g, out) {
      wide.set(g);
      wide.fill(0, D);
      hadamard(wide);
      const sums = new Float64Array(dp);
      for (let k = 0; k < L; k++) sums[Pi[k]! & (dp - 1)]! += G[k]! * wide[k]!;
      narrow.set(sums);
      hadamard(narrow);
      for (let j = 0; j < d; j++) out[j] = B[j]! * narrow[j]! * c;
    },
  });
}

/** The Euclidean norm of x[from .. to). */
export function norm(x: Float32Array, from = 0, to = x.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += x[i]! * x[i]!;
  return Math.sqrt(sum);
}
