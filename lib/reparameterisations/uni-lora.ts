import * as tf from "@tensorflow/tfjs-core";
import { DEFAULT_PROJECTION, requireProjectionName, tensorProjection } from "../projections/index.js";
import { requireInteger } from "../support/checks.js";
import { shapesOf, totalSize, type NamedTensors } from "../support/tensors.js";
import { requireDimension } from "./dimension.js";
import { lowRankSpace, required } from "./low-rank.js";
import { assemble, budgetOf, handles, partsOf } from "./parts.js";
import type { Reparameterisation, ReparameterisationOptions } from "./types.js";

/**
 * Any projection inside LoRA's space: all of A and B move together by P z, z [d] from 0. With the one-hot P it is Uni-LoRA
 * (Li et al. 2025, arXiv 2506.00799), but for the start. There A and B are P z themselves with z drawn at random, which moves
 * the model away from theta0 before it has learned anything; and from z = 0 it would never leave: with A = B = 0 both gradients
 * vanish. Here A = A0 + (P z)_A with LoRA's random A0, and B = (P z)_B, so that z = 0 is theta0 exactly and has a gradient:
 *
 *     W = W0 + alpha / r (P z)_B (A0 + (P z)_A).
 *
 * A projected head lies in the same space: head0 + (P z)_head; then d is all that is trained. The gradient of z is P^T of those
 * of A, B and head; theta is quadratic in z.
 * @throws {UsageError} if d is not in [1, numbers of A, B and projected head], or for targets that the model does not have.
 */
export function uniLoraReparameterisation(options: ReparameterisationOptions): Reparameterisation {
  const { parameters: theta0, projection = DEFAULT_PROJECTION, headNames = [], headPolicy = "projected" } = options;
  const { frozen, ...parts } = partsOf(theta0, headNames, headPolicy);
  const free = Object.keys(parts.free), head = headPolicy === "projected" ? headNames : [];
  const space = lowRankSpace(options), shapes = { ...space.shapes, ...shapesOf(handlesOf(theta0, head)) };
  const d = requireDimension("uni-lora", options.d, 1, totalSize(shapes));
  const name = requireProjectionName("uni-lora", projection);
  const P = tensorProjection({ name, intrinsicDimension: d, seed: requireInteger("uni-lora", "seed", options.seed, 0, 2 ** 32 - 1), shapes });
  const start = space.start();
  const factors = (change: NamedTensors): NamedTensors =>
    Object.fromEntries(Object.keys(space.shapes).map((key) => [key, start[key] ? tf.add(start[key], change[key]!) : change[key]!]));
  const zOf = (trainable: NamedTensors): tf.Tensor1D => required(trainable, "z") as tf.Tensor1D;
  return {
    method: "uni-lora", inGraph: P.inGraph, budget: budgetOf(d, { ...parts, frozen }), groups: [],
    gradientNames: [...space.targets.map((target) => target.name), ...head, ...free],
    init: () => ({ z: tf.zeros([d]), ...handles(theta0, free) }),
    parameters: (trainable) => tf.tidy(() => {
      const change = P.applyTensors(zOf(trainable));
      return assemble(theta0, { change: { ...space.moves(factors(change)), ...handlesOf(change, head) }, free: trainable });
    }),
    gradients: (trainable, gradients) => tf.tidy(() => {
      const at = factors(P.applyTensors(zOf(trainable)));
      const all = { ...space.gradients(at, gradients), ...handlesOf(gradients, head) };
      return { z: P.adjointTensors(all), ...handles(gradients, free) };
    }),
    dispose: () => [P, ...Object.values(start)].forEach((owned) => owned.dispose()),
  };
}

/** The named tensors themselves, no new handles. */
const handlesOf = (tensors: NamedTensors, names: readonly string[]): NamedTensors =>
  Object.fromEntries(names.map((name) => [name, required(tensors, name)]));
