import { fillGaussians, fillSigns, splitSeed } from "../support/random.js";
import { dealInRuns } from "./assignment.js";
import { norm } from "./fastfood.js";
import { hadamard, powerOfTwo } from "./hadamard.js";
import { checkedOptions, projection, type Projection, type ProjectionOptions } from "./projection.js";

/**
 * Fastfood in blocks of dp = d rounded up to a power of two: theta_b = c_b H G_b Pi_b H B_b [z; 0], each block with signs B_b,
 * a permutation Pi_b and Gaussians G_b of its own, the last block cut; c_b = 1 / (sqrt(D) ||G_b||), so E||P z||^2 = ||z||^2.
 * Le, Sarlos, Smola 2013 (Fastfood, ICML), section 4: how they stack blocks for more outputs than inputs.
 * Cost: O(D log dp) time in cache for dp up to 4,096; 9 bytes of memory a weight.
 * @throws {RangeError} if not 1 <= d <= D.
 */
export function fastfoodBlockedProjection(options: ProjectionOptions): Projection {
  const { D, d, seed } = checkedOptions("fastfoodBlockedProjection", options);
  const dp = powerOfTwo(d), blocks = Math.ceil(D / dp), rows = blocks * dp;
  const B = fillSigns(new Int8Array(rows), splitSeed(seed, "fastfood-blocked:B"));
  const G = fillGaussians(new Float32Array(rows), splitSeed(seed, "fastfood-blocked:G"));
  const Pi = new Uint32Array(rows);
  dealInRuns({ n: dp, rows, seed: splitSeed(seed, "fastfood-blocked:Pi") }, (dealt, first) => Pi.set(dealt, first));
  for (let start = 0; start < rows; start += dp) {
    const c = 1 / (Math.sqrt(D) * norm(G, start, start + dp));
    for (let k = start; k < start + dp; k++) G[k]! *= c;
  }
  const inner = new Float32Array(dp), outer = new Float32Array(dp);
  return projection("fastfood-blocked", options, {
    apply(z, out) {
      for (let start = 0; start < D; start += dp) {
        inner.fill(0, d);
        for (let j = 0; j < d; j++) inner[j] = B[start + j]! * z[j]!;
        hadamard(inner);
        for (let k = 0; k < dp; k++) outer[k] = G[start + k]! * inner[Pi[start + k]!]!;
        hadamard(outer);
        out.set(start + dp <= D ? outer : outer.subarray(0, D - start), start);
      }
    },
    adjoint(g, out) {
      const sums = new Float64Array(d);
      for (let start = 0; start < D; start += dp) {
        outer.fill(0);
        outer.set(g.subarray(start, Math.min(start + dp, D)));
        hadamard(outer);
        for (let k = 0; k < dp; k++) inner[Pi[start + k]!] = G[start + k]! * outer[k]!;
        hadamard(inner);
        for (let j = 0; j < d; j++) sums[j]! += B[start + j]! * inner[j]!;
      }
      out.set(sums);
    },
  });
}
