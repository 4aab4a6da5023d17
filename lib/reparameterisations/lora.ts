import * as tf from "@tensorflow/tfjs-core";
import { totalSize, type NamedShapes } from "../support/tensors.js";
import { lowRankSpace } from "./low-rank.js";
import { assemble, budgetOf, handles, partsOf } from "./parts.js";
import type { Reparameterisation, ReparameterisationOptions } from "./types.js";

/**
 * LoRA: W = W0 + alpha / r B A for each target matrix, A [r, in] drawn at random and B [out, r] zero, so that training starts at
 * theta0 exactly. Hu, Shen, Wallis et al. 2021 (arXiv 2106.09685). What is trained is A and B of every target; a free head beside.
 * @throws {UsageError} for targets that the model does not have; {RangeError} for a rank or alpha out of range.
 */
export function loraReparameterisation(options: ReparameterisationOptions): Reparameterisation {
  const { parameters: theta0, headNames = [], headPolicy = "free" } = options;
  const parts = partsOf(theta0, headNames, headPolicy), free = Object.keys(parts.free);
  const space = lowRankSpace(options);
  return {
    method: "lora", inGraph: true, budget: budgetOf(totalSize(space.shapes), parts), groups: [],
    gradientNames: [...space.targets.map(({ name }) => name), ...free],
    init: () => tf.tidy(() => ({ ...inOrder(space.shapes, space.start()), ...handles(theta0, free) })),
    parameters: (trainable) => tf.tidy(() => assemble(theta0, { change: space.moves(trainable), free: trainable })),
    gradients: (trainable, gradients) => tf.tidy(() => ({ ...space.gradients(trainable, gradients), ...handles(gradients, free) })),
    dispose() {},
  };
}

/** The tensors of `shapes` in its order: the given ones, and zeros for the others. */
const inOrder = (shapes: NamedShapes, given: Record<string, tf.Tensor>): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, given[name] ?? tf.zeros([...shape])]));
