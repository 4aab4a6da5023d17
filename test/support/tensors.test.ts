import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { alignedFloats, disposeAll, group, grouped, shapesOf, sizeOf, totalSize } from "../../lib/support/tensors.js";

before(() => startEngine());

test("sizes are products of shapes, and a scalar is one number", () => {
  assert.deepEqual([sizeOf([]), sizeOf([3]), sizeOf([2, 0]), sizeOf([2, 3, 4])], [1, 3, 0, 24]);
  assert.equal(totalSize({ a: [2, 3], b: [] }), 7);
});

test("a group gives back what was grouped, and takes nothing of a group whose name begins alike", () => {
  const { numTensors } = tf.memory();
  const tensors = { a: tf.scalar(1), "b/c": tf.ones([2]) };
  try {
    const flat = { ...grouped("P", tensors), ...grouped("Px", { a: tensors.a }) };
    assert.deepEqual(Object.keys(flat), ["P/a", "P/b/c", "Px/a"]);
    assert.deepEqual(group("P", flat), tensors);
    assert.deepEqual(shapesOf(group("P", flat)), { a: [], "b/c": [2] });
    assert.deepEqual(group("Q", flat), {});
  } finally {
    disposeAll(tensors);
  }
  assert.equal(tf.memory().numTensors, numTensors);
});

test("aligned numbers are zeros of the length asked for", () => {
  const values = alignedFloats(5);
  assert.deepEqual([...values], [0, 0, 0, 0, 0]);
  assert.equal((values.byteOffset + 16) % 64, 0);
});
