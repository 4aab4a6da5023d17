/**
 * The idea of the whole project, in one file: fine-tuning in a random subspace.
 *
 * A model has D weights theta. Full fine-tuning moves all of them, from the pretrained theta0. Here only d numbers z are
 * trained, d much smaller than D, and a fixed random matrix P [D, d] turns them into a move of all weights at once:
 *
 *     theta = theta0 + P z,    z from 0.
 *
 * Backpropagation at theta gives the loss's gradient g [D]; the chain rule makes it z's: P^T g [d]. So nothing needs to be
 * differentiated through P, which is never stored either: it is made again from a seed.
 *
 * The smallest d at which training z reaches 90 % of what full fine-tuning reaches is d90, the intrinsic dimension.
 * Li, Farkhoor, Liu, Yosinski 2018 (arXiv 1804.08838); Aghajanyan, Zettlemoyer, Gupta 2020 (arXiv 2012.13255).
 *
 * This is the idea on plain vectors; reparameterisations/did.ts is the same over a model's named tensors.
 */
import type { Projection } from "./projections/index.js";
import { requireLength } from "./support/checks.js";

export interface Subspace {
  /** d and D. */
  readonly intrinsicDimension: number;
  readonly ambientDimension: number;
  /** theta0 + P z [D], for z [d]. Built from theta0 each time, so that nothing drifts. */
  at(z: Float32Array): Float32Array;
  /** z's gradient P^T g [d], for the loss's gradient g [D] at `at(z)`. */
  gradient(g: Float32Array): Float32Array;
}

/**
 * The subspace through `theta0` along the columns of `projection`.
 * @example
 * const space = subspace({ theta0, projection: makeProjection({ ambientDimension: D, intrinsicDimension: d, seed: 1 }) });
 * let z = new Float32Array(d);
 * for (let step = 0; step < 100; step++) {
 *   const slope = space.gradient(lossGradientAt(space.at(z)));
 *   z = z.map((value, j) => value - rate * slope[j]);
 * }
 * @throws {RangeError} if theta0 has not as many values as the projection has weights.
 */
export function subspace({ theta0, projection }: { theta0: Float32Array; projection: Projection }): Subspace {
  const { ambientDimension, intrinsicDimension } = projection;
  requireLength("subspace", "theta0", theta0, ambientDimension);
  return {
    intrinsicDimension, ambientDimension,
    at(z) {
      const theta = projection.apply(z);
      for (let i = 0; i < theta.length; i++) theta[i]! += theta0[i]!;
      return theta;
    },
    gradient: (g) => projection.adjoint(g),
  };
}
