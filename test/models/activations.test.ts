import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { activate } from "../../lib/models/activations.js";
import type { Activation } from "../../lib/models/types.js";

before(async () => { await startEngine(); });

/** Where some have no slope. */
const kinks: ReadonlySet<number> = new Set([0, 3]);
const xs = [-6, -2, -1, -0.5, 0, 0.25, 1, 3, 8];
/** By Transformers 5.23 (transformers.activations.ACT2FN) in float64. */
const expected: Record<Activation, number[]> = {
  gelu: [-5.91952587e-9, -0.04550026, -0.15865525, -0.15426877, 0, 0.14967658, 0.84134475, 2.99595031, 8],
  gelu_new: [-8.4e-11, -0.04540231, -0.15880801, -0.15428599, 0, 0.14967535, 0.84119199, 2.99636261, 8],
  gelu_10: [-1e-08, -0.04550026, -0.15865525, -0.15426877, 0, 0.14967658, 0.84134475, 2.99595031, 8],
  hardswish: [0, -0.33333333, -0.33333333, -0.20833333, 0, 0.13541667, 0.66666667, 3, 8],
  laplace: [0, 0, 0, 9.38e-06, 0.00609446, 0.05257309, 0.85042965, 1, 1],
  leaky_relu: [-0.06, -0.02, -0.01, -0.005, 0, 0.25, 1, 3, 8],
  linear: [-6, -2, -1, -0.5, 0, 0.25, 1, 3, 8],
  mish: [-0.01485408, -0.25250148, -0.30340146, -0.22074377, 0, 0.16957241, 0.86509839, 2.986535, 7.9999982],
  quick_gelu: [-0.00022035, -0.06434138, -0.15420423, -0.14961156, 0, 0.15119965, 0.84579577, 2.98192869, 7.99999023],
  relu2: [0, 0, 0, 0, 0, 0.0625, 1, 9, 64],
  relu6: [0, 0, 0, 0, 0, 0.25, 1, 3, 6],
  sigmoid: [0.00247262, 0.11920292, 0.26894142, 0.37754067, 0.5, 0.5621765, 0.73105858, 0.95257413, 0.99966465],
  sqrtsoftplus: [0.04975626, 0.35626958, 0.55969785, 0.68853249, 0.83255461, 0.90881209, 1.1459763, 1.74602043, 2.82848642],
  tanh: [-0.99998771, -0.96402758, -0.76159416, -0.46211716, 0, 0.24491866, 0.76159416, 0.99505475, 0.99999977],
  relu: [0, 0, 0, 0, 0, 0.25, 1, 3, 8],
  silu: [-0.01483574, -0.23840584, -0.26894142, -0.18877033, 0, 0.14054413, 0.73105858, 2.85772238, 7.99731721],
};

for (const [name, values] of Object.entries(expected)) {
  test(`${name} has PyTorch's values, the slope of its values, and leaks nothing`, () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const f = activate[name as Activation];
      const x = tf.tensor1d(xs);
      f(x).dataSync().forEach((value, i) => assert.ok(Math.abs(value - values[i]!) < 2e-6, `${name}(${xs[i]}) = ${value}`));
      const slope = tf.grad(f)(x).dataSync();
      const secant = tf.div(tf.sub(f(tf.add(x, 0.01)), f(tf.sub(x, 0.01))), 0.02).dataSync();
      xs.forEach((at, i) => assert.ok(kinks.has(at) || Math.abs(slope[i]! - secant[i]!) < 1e-3, `${name}'(${at}) = ${slope[i]}`));
    });
    assert.equal(tf.memory().numTensors, before);
  });
}
