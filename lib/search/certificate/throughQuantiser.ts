/** Training through the quantiser: the model sees quantised numbers, and their gradient moves the ones behind them. */
import * as tf from "@tensorflow/tfjs-core";
import type { Codebook } from "../../bounds/codec/index.js";
import type { Reparameterisation } from "../../reparameterisations/types.js";
import { disposeAll, type NamedTensors } from "../../support/tensors.js";

/**
 * `inner` with its numbers rounded to their codebooks: straight-through (Bengio, Leonard, Courville 2013, arXiv 1308.3432), as Lotfi et
 * al. 2022 train. Rounding is c_0 + sum over j of (c_j - c_(j-1)) [x > midpoint_j], which a compiled step can hold.
 * @param options.trained where training begins; borrowed until dispose(). @param options.codebooks of the distances from inner.init().
 */
export function throughQuantiser(inner: Reparameterisation, { trained, codebooks }:
  { trained: NamedTensors; codebooks: Readonly<Record<string, Codebook>> }): Reparameterisation {
  const start = inner.init();
  const tables = Object.fromEntries(Object.entries(codebooks).map(([name, { values }]) => [name, tableOf(values)]));
  const rounded = (latent: NamedTensors): NamedTensors => Object.fromEntries(Object.keys(start).map((name) =>
    [name, tf.add(start[name], roundTo(tables[name], tf.sub(latent[name], start[name])))]));
  const { inStep } = inner;
  return {
    ...inner,
    // What is inside a step is the same: the quantiser stands before it.
    inStep: inStep && {
      ...inStep, before: (latent) => inStep.before(rounded(latent)), after: (latent, folded) => inStep.after(rounded(latent), folded),
    },
    init: () => Object.fromEntries(Object.keys(start).map((name) => [name, tf.clone(trained[name])])),
    parameters: (latent) => tf.tidy(() => inner.parameters(rounded(latent))),
    gradients: (latent, gradients) => tf.tidy(() => inner.gradients(rounded(latent), gradients)),
    dispose() {
      disposeAll(start);
      for (const { midpoints, steps } of Object.values(tables)) disposeAll({ midpoints, steps });
    },
  };
}

interface Table {
  first: number;
  /** [1, levels - 1] */
  midpoints: tf.Tensor2D;
  /** [levels - 1, 1] */
  steps: tf.Tensor2D;
}

function tableOf(values: Float32Array): Table {
  const pairs = Array.from(values.subarray(1), (value, i) => ({ midpoint: (value + values[i]) / 2, step: value - values[i] }));
  return {
    first: values[0], midpoints: tf.tensor2d(pairs.map(({ midpoint }) => midpoint), [1, pairs.length]),
    steps: tf.tensor2d(pairs.map(({ step }) => step), [pairs.length, 1]),
  };
}

function roundTo({ first, midpoints, steps }: Table, x: tf.Tensor): tf.Tensor {
  const above = tf.cast(tf.greater(tf.reshape(x, [-1, 1]), midpoints), "float32");
  return tf.reshape(tf.add(tf.matMul(above, steps), first), x.shape);
}
