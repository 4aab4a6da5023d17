/** Building blocks of decoders with gradients written by hand, as those of encoders in ops.ts. */
import * as tf from "@tensorflow/tfjs-core";
import { matMul as product, operations, requiredOperations } from "../engine/index.js";
import { shown } from "../support/checks.js";
import { withGradient, type Forward } from "../support/gradient.js";
import { activate } from "./activations.js";
import { asMatrix, lastOf, rowSum, withBias } from "./ops.js";
import type { Activation } from "./types.js";

/**
 * y = x W + b, the weight as GPT-2 stores it (Conv1D).
 * @param x [..., in]. @param weight [in, out]. @param bias [out]. @returns [..., out].
 * @throws {RangeError} if the shapes do not fit.
 */
export function linearInOut(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const [width = 0, out = 0] = weight.shape;
  if (weight.rank !== 2 || lastOf(x) !== width || bias.size !== out) {
    throw new RangeError(`linearInOut: weight must be [${lastOf(x)}, out] and bias [out], got ${shown(weight.shape)} and ${shown(bias.shape)}.`);
  }
  const forward = (): Forward => {
    const rows = withBias(product(asMatrix(x, width), weight), bias);
    return { value: tf.reshape(rows, [...x.shape.slice(0, -1), out]), saved: [x, weight] };
  };
  return withGradient([x, weight, bias], forward, (dy, [input, matrix]) => {
    if (input === undefined || matrix === undefined) throw new Error("linearInOut: nothing was saved.");
    const rows = asMatrix(dy, out);
    const dx = tf.reshape(product(rows, matrix, false, true), input.shape);
    return [dx, product(asMatrix(input, width), rows, true), rowSum(rows)];
  });
}

/**
 * y = x W^T.
 * @param x [rows, in]. @param weight [out, in]. @returns [rows, out].
 * @throws {RangeError} if the shapes do not fit.
 */
export function linearWithoutBias(x: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  if (x.rank !== 2 || weight.rank !== 2 || lastOf(x) !== lastOf(weight)) {
    throw new RangeError(`linearWithoutBias: x must be [rows, in] and weight [out, in], got ${shown(x.shape)} and ${shown(weight.shape)}.`);
  }
  return withGradient([x, weight], () => ({ value: product(x, weight, false, true), saved: [x, weight] }), (dy, [input, matrix]) => {
    if (input === undefined || matrix === undefined) throw new Error("linearWithoutBias: nothing was saved.");
    return [product(dy, matrix), product(dy, input, true)];
  });
}

/**
 * y = gamma x / sqrt(mean(x^2) + eps) over the last axis (Zhang & Sennrich 2019, arXiv 1910.07467).
 * @param x [..., width]. @param gamma [width]. @param eps added to the mean square.
 * @throws {RangeError} if gamma is not [width].
 */
export function rmsNorm(x: tf.Tensor, gamma: tf.Tensor, eps: number): tf.Tensor {
  const width = lastOf(x);
  if (gamma.size !== width) throw new RangeError(`rmsNorm: gamma must be [${width}], got ${shown(gamma.shape)}.`);
  if (operations() !== null) return fastRmsNorm(x, gamma, eps);
  const forward = (): Forward => {
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), eps));
    const normal = tf.mul(x, inverse);
    return { value: tf.mul(normal, gamma), saved: [normal, inverse, gamma] };
  };
  return withGradient([x, gamma], forward, (dy, [normal, inverse, scale]) => {
    if (normal === undefined || inverse === undefined || scale === undefined) throw new Error("rmsNorm: nothing was saved.");
    const dNormal = tf.mul(dy, scale);
    const dx = tf.mul(tf.sub(dNormal, tf.mul(normal, tf.mean(tf.mul(dNormal, normal), -1, true))), inverse);
    return [dx, tf.sum(asMatrix(tf.mul(dy, normal), width), 0)];
  });
}

/** rmsNorm as one operation, and its gradient as another. */
function fastRmsNorm(x: tf.Tensor, gamma: tf.Tensor, eps: number): tf.Tensor {
  const forward = (): Forward => {
    const { y, stats } = requiredOperations().rmsNorm(x, gamma, eps);
    return { value: y, saved: [x, stats, gamma] };
  };
  return withGradient([x, gamma], forward, (dy, [input, stats, scale]) => {
    if (input === undefined || stats === undefined || scale === undefined) throw new Error("rmsNorm: nothing was saved.");
    const { dx, dGamma } = requiredOperations().rmsNormGradient(dy, input, stats, scale);
    return [dx, dGamma];
  });
}

/** activation(gate) up (Shazeer 2020, arXiv 2002.05202); with SiLU, which makes it SwiGLU, one operation. @param gate, up of one shape. */
export function gated(activation: Activation, gate: tf.Tensor, up: tf.Tensor): tf.Tensor {
  if (operations() === null || activation !== "silu") return tf.mul(activate[activation](gate), up);
  return withGradient([gate, up], () => ({ value: requiredOperations().gatedSilu(gate, up), saved: [gate, up] }), (dy, [ofGate, ofUp]) => {
    if (ofGate === undefined || ofUp === undefined) throw new Error("gated: nothing was saved.");
    const { dGate, dUp } = requiredOperations().gatedSiluGradient(dy, ofGate, ofUp);
    return [dGate, dUp];
  });
}

/** [-x2, x1] for x = [x1, x2] halved along the last axis. */
function turned(x: tf.Tensor): tf.Tensor {
  const half = lastOf(x) / 2, outer = x.shape.slice(0, -1), start = outer.map(() => 0);
  return tf.concat([tf.neg(tf.slice(x, [...start, half], [...outer, half])), tf.slice(x, [...start, 0], [...outer, half])], -1);
}

/**
 * x cos + [-x2, x1] sin of each head: each pair (x_i, x_{i + s/2}) turned by its angle (Su et al. 2021, arXiv 2104.09864, in Hugging Face's order).
 * Its gradient turns back.
 * @param x [rows, heads s], heads side by side. @param cos, sin [angles, s], each half the same: row r takes number r mod angles. Neither has a gradient.
 * @throws {RangeError} if rows are no multiple of the angles, or their width none of s.
 */
export function rotate(x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor): tf.Tensor {
  const [rows = 0, width = 0] = x.shape, [angles = 1, size = 1] = cos.shape;
  if (x.rank !== 2 || rows % angles !== 0 || width % size !== 0) {
    throw new RangeError(`rotate: x must be rows of heads of ${size} for ${angles} angles, got ${shown(x.shape)}.`);
  }
  return withGradient([x], () => ({ value: turnedBy(x, cos, sin, false), saved: [cos, sin] }), (dy, [c, s]) => {
    if (c === undefined || s === undefined) throw new Error("rotate: nothing was saved.");
    return [turnedBy(dy, c, s, true)];
  });
}

/** rotate's value, or with `back` its gradient. */
function turnedBy(x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor, back: boolean): tf.Tensor {
  const own = operations();
  if (own !== null) return own.rotate(x, cos, sin, { back });
  const [angles = 1, size = 1] = cos.shape, heads = tf.reshape(x, [-1, angles, lastOf(x) / size, size]);
  const everyHead = (table: tf.Tensor): tf.Tensor => tf.reshape(table, [1, angles, 1, size]);
  return tf.reshape(tf.add(tf.mul(heads, everyHead(cos)), tf.mul(turned(heads), everyHead(back ? tf.neg(sin) : sin))), x.shape);
}
