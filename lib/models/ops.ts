/**
 * The building blocks of an encoder with gradients written by hand: each passes over memory fewer times than autodiff of
 * the plain formulas does, and memory is what a step on a CPU waits for.
 */
import * as tf from "@tensorflow/tfjs-core";
import { matMul as product, operations, requiredOperations } from "../engine/index.js";
import { shown } from "../support/checks.js";
import { withGradient, type Forward } from "../support/gradient.js";

/** `tensor` as a matrix of its last axis. */
export const asMatrix = (tensor: tf.Tensor, width: number): tf.Tensor => tf.reshape(tensor, [tensor.size / width, width]);

export const lastOf = (tensor: tf.Tensor): number => tensor.shape[tensor.rank - 1] ?? 1;

/**
 * y = x W^T + b, the weight as Hugging Face stores it.
 * @param x [..., in]. @param weight [out, in]. @param bias [out].
 * @returns [..., out].
 * @throws {RangeError} if the shapes do not fit.
 */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const [out = 0, width = 0] = weight.shape;
  if (weight.rank !== 2 || lastOf(x) !== width || bias.size !== out) {
    throw new RangeError(`linear: weight must be [out, ${lastOf(x)}] and bias [out], got ${shown(weight.shape)} and ${shown(bias.shape)}.`);
  }
  const forward = (): Forward => {
    const rows = withBias(product(asMatrix(x, width), weight, false, true), bias);
    return { value: tf.reshape(rows, [...x.shape.slice(0, -1), out]), saved: [x, weight] };
  };
  return withGradient([x, weight, bias], forward, (dy, [input, matrix]) => {
    if (input === undefined || matrix === undefined) throw new Error("linear: nothing was saved.");
    const rows = asMatrix(dy, out);
    const dx = tf.reshape(product(rows, matrix), input.shape);
    return [dx, product(rows, asMatrix(input, width), true), rowSum(rows)];
  });
}

/** rows [n, width] + bias [width]. */
export const withBias = (rows: tf.Tensor, bias: tf.Tensor): tf.Tensor => operations()?.addBias(rows, bias) ?? tf.add(rows, bias);

/** [width], the sum of the rows [n, width]. */
export const rowSum = (rows: tf.Tensor): tf.Tensor => operations()?.columnSum(rows) ?? tf.sum(rows, 0);

/**
 * y = gamma (x - mean) / sqrt(variance + eps) + beta over the last axis (Ba et al. 2016, arXiv 1607.06450).
 * @param x [..., width]. @param gamma [width]. @param beta [width]. @param eps added to the variance.
 * @throws {RangeError} if gamma or beta is not [width].
 */
export function layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, eps: number): tf.Tensor {
  const width = lastOf(x);
  if (gamma.size !== width || beta.size !== width) {
    throw new RangeError(`layerNorm: gamma and beta must be [${width}], got ${shown(gamma.shape)} and ${shown(beta.shape)}.`);
  }
  if (operations() !== null) return fastLayerNorm(x, gamma, beta, eps);
  const forward = (): Forward => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), eps));
    const normal = tf.mul(centred, inverse);
    return { value: tf.add(tf.mul(normal, gamma), beta), saved: [normal, inverse, gamma] };
  };
  return withGradient([x, gamma, beta], forward, (dy, [normal, inverse, scale]) => {
    if (normal === undefined || inverse === undefined || scale === undefined) throw new Error("layerNorm: nothing was saved.");
    const dNormal = tf.mul(dy, scale);
    const along = tf.mean(tf.mul(dNormal, normal), -1, true);
    const dx = tf.mul(tf.sub(tf.sub(dNormal, tf.mean(dNormal, -1, true)), tf.mul(normal, along)), inverse);
    const dGamma = tf.sum(asMatrix(tf.mul(dy, normal), width), 0);
    return [dx, dGamma, tf.sum(asMatrix(dy, width), 0)];
  });
}

/** layerNorm as one operation, and its gradient as another. */
function fastLayerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, eps: number): tf.Tensor {
  const forward = (): Forward => {
    const { y, stats } = requiredOperations().layerNorm(x, gamma, beta, eps);
    return { value: y, saved: [x, stats, gamma] };
  };
  return withGradient([x, gamma, beta], forward, (dy, [input, stats, scale]) => {
    if (input === undefined || stats === undefined || scale === undefined) throw new Error("layerNorm: nothing was saved.");
    const { dx, dGamma, dBeta } = requiredOperations().layerNormGradient(dy, input, stats, scale);
    return [dx, dGamma, dBeta];
  });
}

/** Phi, the normal distribution function. */
const normalShare = (x: tf.Tensor): tf.Tensor => tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);

/** dy (Phi(x) + x phi(x)). */
function geluGradient(dy: tf.Tensor, x: tf.Tensor, share: tf.Tensor): tf.Tensor {
  const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return tf.mul(dy, tf.add(share, tf.mul(x, density)));
}

/** An activation as one operation, and its gradient as another, which computes from x again: that costs less than keeping what it needs. */
export function asOneOperation(name: "gelu" | "geluTanh", x: tf.Tensor): tf.Tensor {
  return withGradient([x], () => ({ value: requiredOperations()[name](x), saved: [x] }), (dy, [input]) => {
    if (input === undefined) throw new Error(`${name}: nothing was saved.`);
    return [requiredOperations()[`${name}Gradient`](dy, input)];
  });
}

/**
 * GELU(x) = x Phi(x), Phi the normal distribution function by erf (Hendrycks & Gimpel 2016, arXiv 1606.08415). Any shape.
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  if (operations() !== null) return asOneOperation("gelu", x);
  const forward = (): Forward => {
    const share = normalShare(x);
    return { value: tf.mul(x, share), saved: [x, share] };
  };
  return withGradient([x], forward, (dy, [input, share]) => {
    if (input === undefined || share === undefined) throw new Error("gelu: nothing was saved.");
    return [geluGradient(dy, input, share)];
  });
}

/** max(x, 0); autodiff's slope takes several ops, among them one that a recorded step does not know. Any shape. */
export function relu(x: tf.Tensor): tf.Tensor {
  const forward = (): Forward => {
    const value = tf.relu(x);
    return { value, saved: [value] };
  };
  return withGradient([x], forward, (dy, [value]) => {
    if (value === undefined) throw new Error("relu: nothing was saved.");
    return [tf.mul(dy, tf.cast(tf.greater(value, 0), "float32"))];
  });
}

/**
 * Mean over the rows of -log softmax(logits)[label]; a row whose label is negative counts for nothing (padding).
 * @param logits [rows, classes]. @param labels int32 [rows]. @returns a scalar; NaN if every row is padding.
 * @throws {RangeError} if the shapes or the labels' type do not fit.
 */
export function softmaxCrossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const [rows = 0, classes = 0] = logits.shape;
  if (logits.rank !== 2 || labels.rank !== 1 || labels.size !== rows || labels.dtype !== "int32") {
    throw new RangeError(`softmaxCrossEntropy: labels must be int32 [${rows}] for logits ${shown(logits.shape)}, got ${labels.dtype} ${shown(labels.shape)}.`);
  }
  const forward = (): Forward => {
    const logProbabilities = tf.logSoftmax(logits);
    const chosen = tf.cast(tf.oneHot(tf.cast(labels, "int32"), classes), "float32");
    const count = tf.sum(chosen);
    const value = tf.div(tf.neg(tf.sum(tf.mul(logProbabilities, chosen))), count);
    return { value, saved: [logProbabilities, chosen, count] };
  };
  return withGradient([logits], forward, (dy, [logProbabilities, chosen, count]) => {
    if (logProbabilities === undefined || chosen === undefined || count === undefined) throw new Error("softmaxCrossEntropy: nothing was saved.");
    const counted = tf.sum(chosen, 1, true);
    return [tf.mul(tf.sub(tf.mul(tf.exp(logProbabilities), counted), chosen), tf.div(dy, count))];
  });
}
