/**
 * LAMB (You et al. 2019, arXiv 1904.00962, algorithm 2): Adam's step plus weight decay, scaled for each tensor by the norm of the
 * tensor over the norm of the step, so that large batches may move at large rates.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../support/tensors.js";
import type { UpdateScalars } from "../training/optimizers.js";

export interface LambOptions {
  weightDecay: number;
  beta1: number;
  beta2: number;
  epsilon: number;
}

/** One update; pure. Tensors of one axis (biases, layer norms) take Adam's step as it is, without decay. Call inside tf.tidy. */
export function lambUpdate(trainable: NamedTensors, gradients: NamedTensors, state: NamedTensors, scalars: UpdateScalars, options: LambOptions):
  { trainable: NamedTensors; state: NamedTensors } {
  const next = { trainable: {} as NamedTensors, state: {} as NamedTensors };
  for (const [name, value] of Object.entries(trainable)) {
    const gradient = gradients[name]!;
    const m = tf.add(tf.mul(state[`m.${name}`]!, options.beta1), tf.mul(gradient, 1 - options.beta1));
    const v = tf.add(tf.mul(state[`v.${name}`]!, options.beta2), tf.mul(tf.square(gradient), 1 - options.beta2));
    const adam = tf.div(tf.div(m, scalars.correction1), tf.add(tf.sqrt(tf.div(v, scalars.correction2)), options.epsilon));
    const step = value.rank > 1 ? tf.add(adam, tf.mul(value, options.weightDecay)) : adam;
    const trust = value.rank > 1 ? ratio(norm(value), norm(step)) : tf.scalar(1);
    next.trainable[name] = tf.sub(value, tf.mul(step, tf.mul(scalars.rate, trust)));
    next.state[`m.${name}`] = m;
    next.state[`v.${name}`] = v;
  }
  return next;
}

const norm = (x: tf.Tensor): tf.Tensor => tf.sqrt(tf.sum(tf.square(x)));

/** a / b, 1 where either is zero. */
const ratio = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.where(tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0)), tf.div(a, tf.maximum(b, 1e-30)), tf.onesLike(a));
