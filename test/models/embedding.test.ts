import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { embedding } from "../../lib/models/embedding.js";

before(async () => { await startEngine(); });

test("rows are taken by id, and the gradient adds up where a row was used twice", () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const table = tf.tensor2d([[1, 2], [3, 4], [5, 6]]), ids = tf.tensor1d([2, 0, 2], "int32");
    assert.deepEqual(embedding(table, ids).arraySync(), [[5, 6], [1, 2], [5, 6]]);
    const weights = tf.tensor2d([[1, 10], [2, 20], [4, 40]]);
    const gradient = tf.grad((t) => tf.sum(tf.mul(embedding(t, ids), weights)))(table);
    assert.deepEqual(gradient.arraySync(), [[2, 20], [0, 0], [5, 50]]);
  });
  assert.equal(tf.memory().numTensors, before);
});
