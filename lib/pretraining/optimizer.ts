/** The optimisers of pre-training behind one interface: AdamW as in fine-tuning, and LAMB. */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../support/tensors.js";
import { clipScale, makeOptimizer, type Optimizer } from "../training/optimizers.js";
import { lambUpdate } from "./lamb.js";
import type { PretrainSettings } from "./settings.js";

export type MaskedLmOptimizer = Pick<Optimizer, "init" | "scalars" | "update">;

/** RoBERTa's Adam (Liu et al. 2019, table 9). */
const adam = { beta1: 0.9, beta2: 0.98, epsilon: 1e-6 };

/** The optimiser of the settings. Weight decay acts on matrices only. */
export function pretrainOptimizer({ optimizer, weightDecay, clipNorm }: Pick<PretrainSettings, "optimizer" | "weightDecay" | "clipNorm">): MaskedLmOptimizer {
  const adamw = makeOptimizer({ name: "adamw", weightDecay, clipNorm, ...adam });
  if (optimizer === "adamw") return adamw;
  return {
    init: adamw.init,
    scalars: adamw.scalars,
    update: (trainable, gradients, state, scalars) => lambUpdate(trainable, clipped(gradients, clipNorm), state, scalars, { weightDecay, ...adam }),
  };
}

/** Gradients scaled down to a global norm of `clipNorm`; 0 leaves them. */
function clipped(gradients: NamedTensors, clipNorm: number): NamedTensors {
  const scale = clipScale(gradients, clipNorm);
  return scale === null ? gradients : Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, scale)]));
}
