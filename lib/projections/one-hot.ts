import { permutation, splitSeed } from "../support/random.js";
import { checkedOptions, projection, type Projection, type ProjectionOptions } from "./projection.js";

/**
 * One-hot projection: each weight follows one coordinate, P[i, j] = 1 / sqrt(n_j) if weight i was dealt coordinate j, else 0,
 * with n_j the number of coordinate j's weights, so P^T P = I exactly. Uni-LoRA (arXiv 2506.00799), there with coordinates
 * drawn independently; here they are dealt evenly (n_j is D/d rounded down or up), so that every coordinate has a weight: weight
 * i follows coordinate pi(i) mod d, pi a permutation of all weights. There are no signs, so the direction in which all weights
 * grow alike lies in every such subspace.
 * Cost: O(D) time; 2 bytes a weight of memory (4 for d > 65,536).
 * @throws {RangeError} if not 1 <= d <= D.
 */
export function oneHotProjection(options: ProjectionOptions): Projection {
  const { D, d, seed } = checkedOptions("oneHotProjection", options);
  const order = permutation(D, splitSeed(seed, "one-hot:coordinates"));
  const coordinate = d <= 65_536 ? new Uint16Array(D) : new Uint32Array(D);
  const scale = new Float64Array(d);
  for (let i = 0; i < D; i++) scale[coordinate[i] = order[i]! % d]!++;
  for (let j = 0; j < d; j++) scale[j] = 1 / Math.sqrt(scale[j]!);
  return projection("one-hot", options, {
    apply(z, out) {
      const scaled = Float32Array.from(z, (value, j) => value * scale[j]!);
      for (let i = 0; i < D; i++) out[i] = scaled[coordinate[i]!]!;
    },
    adjoint(g, out) {
      const sums = new Float64Array(d);
      for (let i = 0; i < D; i++) sums[coordinate[i]!]! += g[i]!;
      for (let j = 0; j < d; j++) out[j] = sums[j]! * scale[j]!;
    },
  });
}
