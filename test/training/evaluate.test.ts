import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { evaluate, metricOf, summarise } from "../../lib/training/evaluate.js";
import { withWorld } from "./world.js";

test("predictions, accuracy, F1 and loss are those of the logits", () => {
  const { predictions, accuracy, f1, loss } = summarise(Float32Array.of(2, 1, 0, 3, 1, 0), [0, 1, 1], 2);
  assert.deepEqual(predictions, [0, 1, 0]);
  assert.equal(accuracy, 2 / 3);
  assert.equal(f1, 2 / 3);
  const expected = (Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.exp(-3)) + Math.log(1 + Math.exp(1))) / 3;
  assert.ok(Math.abs(loss - expected) < 1e-6);
});

test("one output a row is held against numbers by both correlations, and by the squared error", () => {
  const evaluation = summarise(Float32Array.of(1, 2, 4), [0, 2.5, 4], 1);
  assert.deepEqual(evaluation.predictions, [1, 2, 4]);
  assert.deepEqual([evaluation.accuracy, evaluation.f1, evaluation.matthews], [null, null, null]);
  assert.equal(evaluation.loss, (1 + 0.25) / 3);
  assert.equal(metricOf(evaluation, "spearman"), 1);
  assert.ok(Math.abs(metricOf(evaluation, "pearson") - 0.944911182523068) < 1e-12, "by scipy");
  assert.throws(() => metricOf(evaluation, "accuracy"), /evaluate: metric accuracy must have classes, got others\. Choose another by --metric/);
  assert.throws(() => metricOf(summarise(Float32Array.of(1, 2), [1], 2), "pearson"), /must have labels that are numbers/);
  assert.throws(() => metricOf(summarise(Float32Array.of(1, 2, 3), [1], 3), "f1"), /must have two classes/);
});

test("logits come in the order of the rows, whatever the batches, and nothing stays behind", () => withWorld(async (session) => {
  const { model, steps, dev } = session;
  const run = (batchSize: number) => evaluate({ model, forward: steps.forward, parameters: model.parameters, set: dev, classes: 2, batchSize });
  await run(4); // the compiled step may keep what it closes over
  const before = tf.memory().numTensors;
  const [whole, parts] = [await run(20), await run(3)];
  whole.logits.forEach((value, i) => assert.ok(Math.abs(value - parts.logits[i]) < 1e-5));
  assert.ok(new Set(whole.logits).size > 20, "rows differ");
  assert.equal(tf.memory().numTensors, before);
}));

test("an abort between batches throws its reason", () => withWorld(async ({ model, steps, dev }) => {
  const options = { model, forward: steps.forward, parameters: model.parameters, set: dev, classes: 2 };
  await assert.rejects(evaluate({ ...options, signal: AbortSignal.abort(new Error("enough")) }), /enough/);
}));
