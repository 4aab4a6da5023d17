import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { activate } from "../../lib/models/activations.js";
import type { Activation } from "../../lib/models/types.js";

before(async () => { await startEngine(); });

const xs = [-6, -2, -1, -0.5, 0, 0.25, 1, 3, 8];
/** By PyTorch 2.13 in float64: gelu, gelu(approximate="tanh"), relu, silu. */
const expected: Record<Activation, number[]> = {
  gelu: [-5.91952587e-9, -0.04550026, -0.15865525, -0.15426877, 0, 0.14967658, 0.84134475, 2.99595031, 8],
  gelu_new: [-8.4e-11, -0.04540231, -0.15880801, -0.15428599, 0, 0.14967535, 0.84119199, 2.99636261, 8],
  relu: [0, 0, 0, 0, 0, 0.25, 1, 3, 8],
  silu: [-0.01483574, -0.23840584, -0.26894142, -0.18877033, 0, 0.14054413, 0.73105858, 2.85772238, 7.99731721],
};

for (const [name, values] of Object.entries(expected)) {
  test(`${name} has PyTorch's values, the slope of its values, and leaks nothing`, () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const f = activate[name as Activation];
      const x = tf.tensor1d(xs);
      f(x).dataSync().forEach((value, i) => assert.ok(Math.abs(value - values[i]!) < 1e-6, `${name}(${xs[i]}) = ${value}`));
      const slope = tf.grad(f)(x).dataSync();
      const secant = tf.div(tf.sub(f(tf.add(x, 0.01)), f(tf.sub(x, 0.01))), 0.02).dataSync();
      xs.forEach((at, i) => assert.ok(at === 0 || Math.abs(slope[i]! - secant[i]!) < 1e-3, `${name}'(${at}) = ${slope[i]}`));
    });
    assert.equal(tf.memory().numTensors, before);
  });
}
