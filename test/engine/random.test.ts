import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { seededUniform, startEngine } from "../../lib/engine/index.js";

before(async () => { await startEngine(); });

const draw = (shape: number[], seed: [number, number]): Float32Array => tf.tidy(() => {
  const values = seededUniform(shape, tf.tensor1d(seed, "int32")).dataSync();
  assert.ok(values instanceof Float32Array);
  return values;
});

test("seededUniform: equal seeds give equal numbers, and either half of the seed matters", () => {
  assert.deepEqual(draw([3, 5], [1, 2]), draw([3, 5], [1, 2]));
  assert.notDeepEqual(draw([3, 5], [1, 2]), draw([3, 5], [1, 3]));
  assert.notDeepEqual(draw([3, 5], [1, 2]), draw([3, 5], [2, 2]));
});

test("seededUniform: the numbers are uniform on [0, 1)", () => {
  const values = draw([20_000], [7, -1]);
  assert.ok(values.every((value) => value >= 0 && value < 1));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  assert.ok(Math.abs(mean - 1 / 2) < 4 * Math.sqrt(1 / 12 / values.length));
  assert.ok(Math.abs(square - 1 / 3) < 4 * Math.sqrt(4 / 45 / values.length));
});

test("seededUniform: a seed of another shape or type is an error that leaves no tensor", () => {
  const before = tf.memory().numTensors, seed = tf.tensor1d([1, 2]), long = tf.tensor1d([1, 2, 3], "int32");
  assert.throws(() => seededUniform([2], seed), { name: "RangeError", message: /^seededUniform: seed must be an int32 tensor of shape \[2\], got float32 \[2\]\.$/ });
  assert.throws(() => seededUniform([2], long), /got int32 \[3\]/);
  tf.dispose([seed, long]);
  assert.equal(tf.memory().numTensors, before);
});
