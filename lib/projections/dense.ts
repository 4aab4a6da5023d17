import { fillGaussians, splitSeed } from "../support/random.js";
import { checkedOptions, projection, type Projection, type ProjectionOptions } from "./projection.js";

/**
 * Dense Gaussian projection: P[i, j] = G[i, j] / sqrt(D), G standard normal; columns of norm 1 in expectation.
 * Li et al. 2018 (arXiv 1804.08838), section 2: the reference that the others stand in for, for small D.
 * Cost: O(D d) time, O(d) memory, because rows are made again from the seed each time.
 * @throws {RangeError} if not 1 <= d <= D.
 */
export function denseProjection(options: ProjectionOptions): Projection {
  const { D, d, seed } = checkedOptions("denseProjection", options);
  const gaussianSeed = splitSeed(seed, "dense:gaussians");
  const row = new Float32Array(d);
  const scale = 1 / Math.sqrt(D);
  return projection("dense", options, {
    apply(z, out) {
      for (let i = 0; i < D; i++) {
        fillGaussians(row, gaussianSeed, i * d);
        let sum = 0;
        for (let j = 0; j < d; j++) sum += row[j]! * z[j]!;
        out[i] = sum * scale;
      }
    },
    adjoint(g, out) {
      const sums = new Float64Array(d);
      for (let i = 0; i < D; i++) {
        fillGaussians(row, gaussianSeed, i * d);
        const weight = g[i]!;
        for (let j = 0; j < d; j++) sums[j]! += row[j]! * weight;
      }
      for (let j = 0; j < d; j++) out[j] = sums[j]! * scale;
    },
  });
}
