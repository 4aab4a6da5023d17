import * as tf from "@tensorflow/tfjs-core";
import { UsageError, shown } from "../support/checks.js";
import type { NamedTensors } from "../support/tensors.js";
import { requireDimension } from "./dimension.js";
import { required } from "./low-rank.js";
import { assemble, budgetOf, countOf, handles, partsOf } from "./parts.js";
import type { Reparameterisation, ReparameterisationOptions } from "./types.js";

/**
 * A learned subspace: theta = theta0 + V z, the columns of V being the first d of the given orthonormal directions, such as the
 * top directions of a fine-tuning trajectory (Li et al. 2021, arXiv 2103.11154; Zhang et al. 2023, arXiv 2305.17446). z's
 * gradient is V^T g. Unlike a random P no seed makes V again: it holds d D numbers, which the budget tells as `basis`.
 * Cost: O(d D) time and memory for each of both.
 * @throws {UsageError} without directions, or if d is not in [1, number of directions].
 */
export function learnedReparameterisation(options: ReparameterisationOptions): Reparameterisation {
  const { parameters: theta0, headNames = [], headPolicy = "projected", directions } = options;
  if (directions === undefined) throw new UsageError("learned: directions must be given: learn them first (learnDirections).");
  const parts = partsOf(theta0, headNames, headPolicy), free = Object.keys(parts.free), moved = Object.keys(parts.moved);
  const count = countOfDirections(directions, parts.moved);
  const d = requireDimension("learned", options.d, 1, count);
  // A slice along the first axis shares memory.
  const V = tf.tidy(() => Object.fromEntries(moved.map((name) => [name, tf.slice(tf.reshape(directions[name]!, [count, -1]), 0, d)])));
  const column = (z: tf.Tensor): tf.Tensor => {
    if (z.rank !== 1 || z.size !== d) throw new RangeError(`learned: z must have shape [${d}], got ${shown(z.shape)}.`);
    return tf.reshape(z, [1, d]);
  };
  return {
    method: "learned", inGraph: true, groups: [], gradientNames: [...moved, ...free],
    budget: { ...budgetOf(d, parts), basis: d * countOf(parts.moved) },
    init: () => ({ z: tf.zeros([d]), ...handles(theta0, free) }),
    parameters: (trainable) => tf.tidy(() => {
      const z = column(required(trainable, "z"));
      const change = Object.fromEntries(moved.map((name) => [name, tf.reshape(tf.matMul(z, V[name]!), theta0[name]!.shape)]));
      return assemble(theta0, { change, free: trainable });
    }),
    gradients: (_trainable, gradients) => tf.tidy(() => {
      const shares = moved.map((name) => tf.reshape(tf.matMul(V[name]!, tf.reshape(required(gradients, name), [-1, 1])), [d]));
      return { z: tf.addN(shares), ...handles(gradients, free) };
    }),
    dispose: () => Object.values(V).forEach((owned) => owned.dispose()),
  };
}

/** How many directions there are. @throws {UsageError} if they are not those of these parameters. */
function countOfDirections(directions: NamedTensors, moved: NamedTensors): number {
  let count: number | undefined;
  for (const [name, { shape }] of Object.entries(moved)) {
    const got = directions[name]?.shape;
    count ??= got?.[0];
    if (got !== undefined && count !== undefined && got.join() === [count, ...shape].join()) continue;
    throw new UsageError(`learned: directions must hold ${name} as ${shown([count ?? "K", ...shape])}, got ${got === undefined ? "none" : shown(got)}: `
      + "they were learned with another model or task.");
  }
  return count ?? 0;
}
