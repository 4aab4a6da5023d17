import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { operating } from "../../lib/engine/operations.js";
import { hasOperations, tensorflowBackend } from "../../lib/engine/start.js";
import { gated, linearInOut, linearWithoutBias, rmsNorm, rotate } from "../../lib/models/decoder-ops.js";

before(async () => { await startEngine(); });

type Op = (...x: tf.Tensor[]) => tf.Tensor;
const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0.3, 1, "float32", seed);
const largest = (a: tf.Tensor, b: tf.Tensor): number => tf.tidy(() => Number(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]));
const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
const turn: Op = (x) => { // pairs (0, 2) and (1, 3), the second by no angle
  const [x0, x1, x2, x3] = tf.unstack(x!, -1);
  return tf.stack([tf.sub(tf.mul(x0!, c), tf.mul(x2!, s)), x1!, tf.add(tf.mul(x2!, c), tf.mul(x0!, s)), x3!], -1);
};
/** Heads of `size` numbers, row r turned by the angles r mod `angles`, each pair by one of its own. */
const angleOf = (row: number, i: number, { angles, size }: { angles: number; size: number }): number => 0.3 * (row % angles) + 0.11 * (i % (size / 2));
const table = (f: (angle: number) => number, of: { angles: number; size: number }): tf.Tensor2D =>
  tf.tensor2d(Float32Array.from({ length: of.angles * of.size }, (_, i) => f(angleOf(Math.floor(i / of.size), i % of.size, of))), [of.angles, of.size]);
const turnHeads = (of: { angles: number; size: number }): Op => (x) => tf.concat(tf.unstack(x!).map((row, r) => {
  const cos = tf.tensor1d(Array.from({ length: of.size / 2 }, (_, i) => Math.cos(angleOf(r, i, of)))), sin = tf.tensor1d(Array.from({ length: of.size / 2 }, (_, i) => Math.sin(angleOf(r, i, of))));
  const halves = tf.split(row, 2 * row.size / of.size);
  const turned = halves.map((half, i) => (i % 2 === 0 ? tf.sub(tf.mul(half, cos), tf.mul(halves[i + 1]!, sin)) : tf.add(tf.mul(half, cos), tf.mul(halves[i - 1]!, sin))));
  return tf.expandDims(tf.concat(turned), 0);
}));
const wide = { angles: 3, size: 38 };

const cases: { name: string; inputs: number[][]; op: Op; plain: Op }[] = [
  { name: "linearInOut", inputs: [[6, 5], [5, 4], [4]], op: (x, w, b) => linearInOut(x!, w!, b!), plain: (x, w, b) => tf.add(tf.matMul(x!, w!), b!) },
  { name: "linearWithoutBias", inputs: [[6, 5], [4, 5]], op: (x, w) => linearWithoutBias(x!, w!), plain: (x, w) => tf.matMul(x!, w!, false, true) },
  { name: "rmsNorm", inputs: [[2, 3, 8], [8]], op: (x, gamma) => rmsNorm(x!, gamma!, 1e-6),
    plain: (x, gamma) => tf.mul(tf.div(x!, tf.sqrt(tf.add(tf.mean(tf.square(x!), -1, true), 1e-6))), gamma!) },
  { name: "rotate", inputs: [[6, 4]], op: (x) => rotate(x!, tf.tensor2d([[c, 1, c, 1]]), tf.tensor2d([[s, 0, s, 0]])), plain: turn },
  { name: "rotate, of several heads by several angles", inputs: [[9, 2 * wide.size]], op: (x) => rotate(x!, table(Math.cos, wide), table(Math.sin, wide)), plain: turnHeads(wide) },
  { name: "gated", inputs: [[5, 37], [5, 37]], op: (gate, up) => gated("silu", gate!, up!), plain: (gate, up) => tf.mul(tf.mul(gate!, tf.sigmoid(gate!)), up!) },
];

for (const { name, inputs, op, plain } of cases) for (const own of [false, true]) {
  test(`${name}${own ? ", by the project's own operations" : ""}: value and gradients are those of the plain formula`, (t) => {
    if (own && !hasOperations()) return t.skip("no operations here");
    const { numTensors } = tf.memory();
    operating(own ? tensorflowBackend() : null, () => tf.tidy(() => {
      const tensors = inputs.map((shape, i) => normal(shape, i + 1));
      const weights = normal(plain(...tensors).shape, 9);
      assert.ok(largest(op(...tensors), plain(...tensors)) < 1e-5);
      const slopes = (f: Op): tf.Tensor[] => tf.grads((...x: tf.Tensor[]) => tf.sum(tf.mul(f(...x), weights)))(tensors);
      const expected = slopes(plain);
      slopes(op).forEach((gradient, i) => assert.ok(largest(gradient, expected[i]!) < 1e-4, `input ${i}`));
    }));
    assert.equal(tf.memory().numTensors, numTensors);
  });
}

test("shapes that do not fit are errors that leave no tensors", () => {
  const x = tf.zeros([2, 3]), wrong = tf.zeros([4]);
  const { numTensors } = tf.memory();
  assert.throws(() => linearInOut(x, x, wrong), /^RangeError: linearInOut: weight must be \[3, out\] and bias \[out\], got \[2,3\] and \[4\]\.$/);
  assert.throws(() => linearWithoutBias(x, wrong), /^RangeError: linearWithoutBias: x must be \[rows, in\] and weight \[out, in\], got \[2,3\] and \[4\]\.$/);
  assert.throws(() => rmsNorm(x, wrong, 1e-6), /^RangeError: rmsNorm: gamma must be \[3\], got \[4\]\.$/);
  const angles = tf.zeros([3, 4]);
  assert.throws(() => rotate(x, angles, angles), /^RangeError: rotate: x must be rows of heads of 4 for 3 angles, got \[2,3\]\.$/);
  angles.dispose();
  assert.equal(tf.memory().numTensors, numTensors);
  tf.dispose([x, wrong]);
});
