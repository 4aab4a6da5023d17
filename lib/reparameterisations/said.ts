import * as tf from "@tensorflow/tfjs-core";
import { DEFAULT_PROJECTION, requireProjectionName, tensorProjection } from "../projections/index.js";
import { requireInteger } from "../support/checks.js";
import { shapesOf } from "../support/tensors.js";
import { assemble, budgetOf, handles, partsOf } from "./parts.js";
import { checkedDimension } from "./dimension.js";
import { inStepOf } from "./inStep.js";
import type { Reparameterisation, ReparameterisationOptions } from "./types.js";

/**
 * Structure-aware intrinsic dimension: theta_i = theta0_i + lambda_i (P z)_i for each group i of m, with z [d - m] from 0 and
 * lambda [m] from 1; d counts both. The gradients are exact: <g_i, (P z)_i> for lambda_i, P^T (lambda o g) for z.
 * Aghajanyan et al. 2020 (arXiv 2012.13255), section 3: a group is a layer.
 * @throws {UsageError} if d is not more than m, or d - m more than D.
 */
export function saidReparameterisation(options: ReparameterisationOptions): Reparameterisation {
  const { parameters: theta0, projection = DEFAULT_PROJECTION, headNames = [], headPolicy = "projected" } = options;
  const groupOf = options.groupOf ?? ((name: string) => name);
  const parts = partsOf(theta0, headNames, headPolicy), free = Object.keys(parts.free);
  const groups = [...new Set(Object.keys(parts.moved).map(groupOf))], m = groups.length;
  const d = checkedDimension(options, parts, groups);
  const seed = requireInteger("saidReparameterisation", "seed", options.seed, 0, 2 ** 32 - 1);
  const name = requireProjectionName("saidReparameterisation", projection);
  const P = tensorProjection({ name, intrinsicDimension: d - m, seed, shapes: shapesOf(parts.moved), groupOf });
  return {
    method: "said", inGraph: P.inGraph, budget: budgetOf(d, parts), groups,
    gradientNames: Object.keys({ ...parts.moved, ...parts.free }),
    init: () => ({ z: tf.zeros([d - m]), lambda: tf.ones([m]), ...handles(theta0, free) }),
    parameters: (trainable) => tf.tidy(() => {
      const { z, lambda } = trainable as { z: tf.Tensor1D; lambda: tf.Tensor1D };
      return assemble(theta0, { change: P.applyTensors(z, lambda), free: trainable });
    }),
    gradients: (trainable, gradients) => tf.tidy(() => {
      const at = trainable as { z: tf.Tensor1D; lambda: tf.Tensor1D };
      const { z, scales } = P.pullback(gradients, at.z, at.lambda);
      return { z, lambda: scales, ...handles(gradients, free) };
    }),
    inStep: inStepOf("said", { theta0, parts, P }),
    dispose: () => P.dispose(),
  };
}
