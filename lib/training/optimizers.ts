/**
 * Optimisers as pure functions over named tensors: the same ones move z (d numbers) and, in full fine-tuning, all of theta.
 * State is explicit, so that a checkpoint holds everything and a resumed run equals the uninterrupted one.
 */
import * as tf from "@tensorflow/tfjs-core";
import { operations } from "../engine/index.js";
import type { NamedTensors } from "../support/tensors.js";
import { requireNumber, shown } from "../support/checks.js";
import { given } from "../support/given.js";

export type OptimizerName = "adamw" | "adam" | "sgd";
export const optimizerNames: readonly OptimizerName[] = ["adamw", "adam", "sgd"];

export interface OptimizerOptions {
  /** Default "adamw". With weight decay 0 it equals "adam", whose decay goes through the gradient instead. */
  name?: OptimizerName;
  /** Default 0. Applied to matrices only, not to biases and layer norms, as in BERT's own code. */
  weightDecay?: number;
  /** Largest global gradient norm; default 1 (Devlin et al. 2018); 0 turns clipping off. */
  clipNorm?: number;
  /**
   * Share of the rate that SAID's lambdas move at; default 0.1. A step of the lambdas scales all of P z so far, and z's rate is
   * large (see lib/search/rates.ts): at the same rate the lambdas lose their way within a few steps.
   */
  lambdaRate?: number;
  /** Adam's decay rates and epsilon (Kingma & Ba 2015); defaults 0.9, 0.999, 1e-8. */
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}

/** What changes from update to update, as scalars: tensors, so that a recorded update need not be recorded again. */
export interface UpdateScalars {
  /** Learning rate of this update. */
  rate: tf.Scalar;
  /** 1 - beta1^t and 1 - beta2^t, t from 1. */
  correction1: tf.Scalar;
  correction2: tf.Scalar;
}

export interface Optimizer {
  readonly options: Required<OptimizerOptions>;
  /** Zero state for `trainable`: "m.<name>" and "v.<name>" for Adam, nothing for SGD. Owned by the caller. */
  init(trainable: NamedTensors): NamedTensors;
  /** Scalars of update `step` (from 0) at `rate`. Owned by the caller. */
  scalars(step: number, rate: number): UpdateScalars & NamedTensors;
  /** One update; pure. Arguments are borrowed, results owned by the caller (call inside tf.tidy). */
  update(trainable: NamedTensors, gradients: NamedTensors, state: NamedTensors, scalars: UpdateScalars):
    { trainable: NamedTensors; state: NamedTensors };
}

/** What gradients are multiplied by for a global norm of at most `clipNorm`, as torch.nn.utils.clip_grad_norm_ does; null for 0, no clipping. */
export function clipScale(gradients: NamedTensors, clipNorm: number): tf.Scalar | null {
  if (clipNorm === 0) return null;
  const squares = Object.values(gradients).map((gradient) => operations()?.squareSum(gradient) ?? tf.sum(tf.square(gradient)));
  // Stacked, since the order in which TensorFlow adds many tensors (AddN) may differ from run to run (setup/native/sessions.h).
  return tf.minimum(1, tf.div(clipNorm, tf.add(tf.sqrt(tf.sum(tf.stack(squares))), 1e-6)));
}

/** The step that Adam takes on one tensor, and its new moments (Kingma & Ba 2015, algorithm 1). */
function adamStep(gradient: tf.Tensor, [m, v]: [tf.Tensor, tf.Tensor], { rate, correction1, correction2 }: UpdateScalars,
  { beta1, beta2, epsilon }: Required<OptimizerOptions>) {
  const nextM = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1));
  const nextV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const step = tf.div(tf.mul(tf.div(nextM, correction1), rate), tf.add(tf.sqrt(tf.div(nextV, correction2)), epsilon));
  return { step, nextM, nextV };
}

/** Makes the optimiser that `options` name. @throws {RangeError} for an unknown name or a number out of range. */
export function makeOptimizer(options: OptimizerOptions = {}): Optimizer {
  const full = { name: "adamw", weightDecay: 0, clipNorm: 1, lambdaRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...given(options) } as const;
  if (!optimizerNames.includes(full.name)) {
    throw new RangeError(`makeOptimizer: name must be one of ${optimizerNames.join(", ")}, got ${shown(full.name)}.`);
  }
  requireNumber("makeOptimizer", "weightDecay", full.weightDecay, 0);
  requireNumber("makeOptimizer", "clipNorm", full.clipNorm, 0);
  requireNumber("makeOptimizer", "lambdaRate", full.lambdaRate, 0);
  const adam = full.name !== "sgd";
  return {
    options: full,
    init: (trainable) => (adam ? zeroMoments(trainable) : {}),
    scalars: (step, rate) => ({
      rate: tf.scalar(rate),
      correction1: tf.scalar(1 - full.beta1 ** (step + 1)),
      correction2: tf.scalar(1 - full.beta2 ** (step + 1)),
    }),
    update: (trainable, gradients, state, scalars) => update(full, trainable, gradients, state, scalars),
  };
}

function zeroMoments(trainable: NamedTensors): NamedTensors {
  const state: NamedTensors = {};
  for (const [name, tensor] of Object.entries(trainable)) {
    state[`m.${name}`] = tf.zerosLike(tensor);
    state[`v.${name}`] = tf.zerosLike(tensor);
  }
  return state;
}

function update(options: Required<OptimizerOptions>, trainable: NamedTensors, gradients: NamedTensors, state: NamedTensors,
  common: UpdateScalars): { trainable: NamedTensors; state: NamedTensors } {
  const clip = clipScale(gradients, options.clipNorm), own = operations();
  const stacked = (rate: tf.Tensor): tf.Tensor => tf.stack([clip ?? tf.scalar(1), rate, common.correction1, common.correction2]);
  const ofAll = own && options.name !== "sgd" ? stacked(common.rate) : null;
  const next = { trainable: {} as NamedTensors, state: {} as NamedTensors };
  for (const [name, value] of Object.entries(trainable)) {
    const scalars = name === "lambda" ? { ...common, rate: tf.mul(common.rate, options.lambdaRate) as tf.Scalar } : common;
    const decay = value.rank > 1 ? options.weightDecay : 0;
    const coupled = decay > 0 && options.name !== "adamw";
    const clipped = (): tf.Tensor => (clip === null ? gradients[name] : tf.mul(gradients[name], clip));
    const kept = (): tf.Tensor => (decay > 0 && !coupled ? tf.sub(value, tf.mul(value, tf.mul(scalars.rate, decay))) : value);
    if (options.name === "sgd") {
      const gradient = coupled ? tf.add(clipped(), tf.mul(value, decay)) : clipped();
      next.trainable[name] = tf.sub(kept(), tf.mul(gradient, scalars.rate));
      continue;
    }
    const moments: [tf.Tensor, tf.Tensor] = [state[`m.${name}`], state[`v.${name}`]];
    if (own !== null && ofAll !== null) {
      const { beta1, beta2, epsilon } = options, numbers = name === "lambda" ? stacked(scalars.rate) : ofAll;
      const results = own.adamW([value, gradients[name], ...moments], numbers, { beta1, beta2, epsilon, decay: coupled ? 0 : decay, coupled: coupled ? decay : 0 });
      [next.trainable[name], next.state[`m.${name}`], next.state[`v.${name}`]] = results;
      continue;
    }
    const { step, nextM, nextV } = adamStep(coupled ? tf.add(clipped(), tf.mul(value, decay)) : clipped(), moments, scalars, options);
    next.trainable[name] = tf.sub(kept(), step);
    next.state[`m.${name}`] = nextM;
    next.state[`v.${name}`] = nextV;
  }
  return next;
}
