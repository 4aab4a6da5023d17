import * as tf from "@tensorflow/tfjs-core";
import { DEFAULT_PROJECTION, requireProjectionName, tensorProjection } from "../projections/index.js";
import { requireInteger } from "../support/checks.js";
import { shapesOf } from "../support/tensors.js";
import { assemble, budgetOf, handles, partsOf } from "./parts.js";
import { checkedDimension } from "./dimension.js";
import { inStepOf } from "./inStep.js";
import type { Reparameterisation, ReparameterisationOptions } from "./types.js";

/**
 * Direct intrinsic dimension: theta = theta0 + P z with one P over all that is projected, z [d] from 0; z's gradient is
 * P^T g. Li et al. 2018 (arXiv 1804.08838), equation 2; Aghajanyan et al. 2020 (arXiv 2012.13255), section 3.
 * @throws {UsageError} if d is not in [1, D].
 */
export function didReparameterisation(options: ReparameterisationOptions): Reparameterisation {
  const { parameters: theta0, projection = DEFAULT_PROJECTION, headNames = [], headPolicy = "projected" } = options;
  const parts = partsOf(theta0, headNames, headPolicy), free = Object.keys(parts.free);
  const d = checkedDimension(options, parts);
  const seed = requireInteger("didReparameterisation", "seed", options.seed, 0, 2 ** 32 - 1);
  const name = requireProjectionName("didReparameterisation", projection);
  const P = tensorProjection({ name, intrinsicDimension: d, seed, shapes: shapesOf(parts.moved) });
  return {
    method: "did", inGraph: P.inGraph, budget: budgetOf(d, parts), groups: [],
    gradientNames: Object.keys({ ...parts.moved, ...parts.free }),
    init: () => ({ z: tf.zeros([d]), ...handles(theta0, free) }),
    parameters: (trainable) => tf.tidy(() => {
      const { z } = trainable as { z: tf.Tensor1D };
      return assemble(theta0, { change: P.applyTensors(z), free: trainable });
    }),
    gradients: (_trainable, gradients) => tf.tidy(() => ({ z: P.adjointTensors(gradients), ...handles(gradients, free) })),
    inStep: inStepOf("did", { theta0, parts, P }),
    dispose: () => P.dispose(),
  };
}
