import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { gelu, layerNorm, linear, relu, softmaxCrossEntropy } from "../../lib/models/ops.js";

before(async () => { await startEngine(); });

const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0.3, 1, "float32", seed);

/** Largest difference relative to the reference's largest value. */
const difference = (actual: tf.Tensor, expected: tf.Tensor): number => tf.tidy(() => {
  assert.deepEqual(actual.shape, expected.shape);
  return Number(tf.div(tf.max(tf.abs(tf.sub(actual, expected))), tf.add(tf.max(tf.abs(expected)), 1e-12)).dataSync()[0]);
});

interface Case { name: string; inputs: number[][]; op: (...x: tf.Tensor[]) => tf.Tensor; plain: (...x: tf.Tensor[]) => tf.Tensor }

const at = (tensors: tf.Tensor[], i: number): tf.Tensor => {
  const tensor = tensors[i];
  assert.ok(tensor);
  return tensor;
};

const labels = [1, 0, 2, -1];
const plainLayerNorm = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor => {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-12))), gamma), beta);
};
const plainCrossEntropy = (logits: tf.Tensor): tf.Tensor =>
  tf.div(tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(tf.tensor1d(labels, "int32"), 3)))), 3);

const cases: Case[] = [
  { name: "linear", inputs: [[2, 3, 5], [4, 5], [4]], op: (...t) => linear(at(t, 0), at(t, 1), at(t, 2)),
    plain: (...t) => tf.reshape(tf.add(tf.matMul(tf.reshape(at(t, 0), [6, 5]), tf.transpose(at(t, 1))), at(t, 2)), [2, 3, 4]) },
  { name: "layerNorm", inputs: [[2, 3, 8], [8], [8]], op: (...t) => layerNorm(at(t, 0), at(t, 1), at(t, 2), 1e-12),
    plain: (...t) => plainLayerNorm(at(t, 0), at(t, 1), at(t, 2)) },
  { name: "gelu", inputs: [[3, 7]], op: (...t) => gelu(at(t, 0)),
    plain: (...t) => tf.mul(tf.mul(at(t, 0), 0.5), tf.add(tf.erf(tf.div(at(t, 0), Math.SQRT2)), 1)) },
  { name: "relu", inputs: [[3, 7]], op: (...t) => relu(at(t, 0)), plain: (...t) => tf.relu(at(t, 0)) },
  { name: "softmaxCrossEntropy", inputs: [[4, 3]], op: (...t) => tf.tidy(() => softmaxCrossEntropy(at(t, 0), tf.tensor1d(labels, "int32"))),
    plain: (...t) => plainCrossEntropy(at(t, 0)) },
];

for (const { name, inputs, op, plain } of cases) {
  test(`${name}: value and gradients are those of the plain formula`, () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const tensors = inputs.map((shape, i) => normal(shape, i + 1));
      const value = op(...tensors);
      assert.ok(difference(value, plain(...tensors)) < 1e-5);
      const weights = normal(value.shape, 9);
      const actual = tf.grads((...x) => tf.sum(tf.mul(op(...x), weights)))(tensors);
      const expected = tf.grads((...x) => tf.sum(tf.mul(plain(...x), weights)))(tensors);
      actual.forEach((gradient, i) => assert.ok(difference(gradient, at(expected, i)) < 1e-4, `input ${i}`));
    });
    assert.equal(tf.memory().numTensors, before);
  });
}

test("gelu: the tails are 0 and x, and nothing is NaN", () => {
  tf.tidy(() => {
    const x = tf.tensor1d([-100, -10, 0, 10, 100]);
    const rounded = (t: tf.Tensor): number[] => [...t.dataSync()].map((value) => Math.round(value * 1e6) / 1e6 + 0);
    assert.deepEqual(rounded(gelu(x)), [0, 0, 0, 10, 100]);
    assert.deepEqual(rounded(tf.grad((t) => tf.sum(gelu(t)))(x)), [0, 0, 0.5, 1, 1]);
  });
});

test("softmaxCrossEntropy: equal logits cost log of the number of classes, whatever the padding", () => {
  tf.tidy(() => {
    const loss = softmaxCrossEntropy(tf.zeros([3, 2]), tf.tensor1d([1, -1, 0], "int32")).dataSync()[0];
    assert.ok(Math.abs(Number(loss) - Math.log(2)) < 1e-6);
  });
});

test("shapes that do not fit are errors that leave no tensors", () => {
  const x = tf.zeros([2, 3]), wrong = tf.zeros([4]);
  const before = tf.memory().numTensors;
  assert.throws(() => linear(x, x, wrong), { name: "RangeError", message: /^linear: weight must be \[out, 3\] and bias \[out\], got \[2,3\] and \[4\]\.$/ });
  assert.throws(() => layerNorm(x, wrong, wrong, 1e-5), { name: "RangeError", message: /^layerNorm: gamma and beta must be \[3\]/ });
  assert.throws(() => softmaxCrossEntropy(x, wrong), { name: "RangeError", message: /^softmaxCrossEntropy: labels must be int32 \[2\]/ });
  assert.equal(tf.memory().numTensors, before);
  tf.dispose([x, wrong]);
});
