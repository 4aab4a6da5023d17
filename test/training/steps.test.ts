import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { openStore } from "../../lib/records/store.js";
import { disposeAll, group, grouped, type NamedTensors } from "../../lib/support/tensors.js";
import { batchTensors, type BatchOptions, type EncodedSet } from "../../lib/training/batches.js";
import { evaluate } from "../../lib/training/evaluate.js";
import { openSession, type Session } from "../../lib/training/session.js";
import { runTrial } from "../../lib/training/trial.js";
import { configurationIn, withWorld, writeScores } from "./world.js";

const rows = [0, 1, 2, 3, 4];

/** Loss and the gradient of the classifier's bias over five rows in a batch of eight, and their logits by another way. */
async function lossOf({ model, steps, train }: Session, options: Pick<BatchOptions, "classes" | "classWeights">) {
  const batch: NamedTensors = batchTensors(train, { rows, length: 16 }, { batchSize: 8, padId: model.tokenizer.padId, ...options });
  const outputs = await steps.gradients({ dropout: false }).run({ ...grouped("theta", model.parameters), ...grouped("batch", batch) });
  const set: EncodedSet = { encodings: rows.map((row) => train.encodings[row]), labels: rows.map((row) => train.labels[row]) };
  const { logits } = await evaluate({ model, forward: steps.forward, parameters: model.parameters, set, classes: options.classes, batchSize: 8 });
  const gradient = [...group("gradient", outputs)["classifier.bias"].dataSync()], [loss] = outputs.loss.dataSync();
  for (const owned of [batch, outputs]) disposeAll(owned);
  return { loss, gradient, logits, labels: set.labels };
}

const near = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 1e-5, `${actual}, expected ${expected}`);

test("weighted cross-entropy is the weighted mean over the rows, and its gradient the weighted mean of softmax less one-hot", () =>
  withWorld(async (session) => {
    const classWeights = [3, 0.5];
    const { loss, gradient, logits, labels } = await lossOf(session, { classes: 2, classWeights });
    const total = labels.reduce((sum, label) => sum + classWeights[label], 0);
    const probability = (row: number, label: number): number => 1 / (1 + Math.exp(logits[2 * row + 1 - label] - logits[2 * row + label]));
    near(loss, labels.reduce((sum, label, row) => sum - classWeights[label] * Math.log(probability(row, label)), 0) / total);
    near(gradient[1], labels.reduce((sum, label, row) => sum + classWeights[label] * (probability(row, 1) - label), 0) / total);
  }));

test("gradients of some names are those of all, bit by bit, and nothing else comes out", () => withWorld(async ({ model, steps, train }) => {
  const batch: NamedTensors = batchTensors(train, { rows, length: 16 }, { batchSize: 8, padId: model.tokenizer.padId, classes: 2 });
  const names = ["bert.encoder.layer.0.attention.self.query.weight", "classifier.bias"], { numTensors } = tf.memory();
  const inputs = { ...grouped("theta", model.parameters), ...grouped("batch", batch) };
  const all = await steps.gradients({ dropout: false }).run(inputs), some = await steps.gradients({ dropout: false, names }).run(inputs);
  assert.deepEqual(Object.keys(some).sort(), ["loss", ...names.map((name) => `gradient/${name}`)].sort());
  for (const [name, tensor] of Object.entries(some)) assert.deepEqual(tensor.dataSync(), all[name].dataSync(), name);
  for (const owned of [all, some]) disposeAll(owned);
  assert.equal(tf.memory().numTensors, numTensors);
  disposeAll(batch);
}));

test("with one output the loss is the mean squared error, its gradient twice the mean residual, and the record has both correlations", () =>
  withWorld(async (_session, folder) => {
    const session = await openSession({ model: join(folder, "model"), task: "stsb", data: writeScores(folder), maxLength: 16 });
    try {
      const { loss, gradient, logits, labels } = await lossOf(session, { classes: 1 });
      const residuals = labels.map((label, row) => logits[row] - label);
      near(loss, residuals.reduce((sum, residual) => sum + residual ** 2, 0) / rows.length);
      near(gradient[0], residuals.reduce((sum, residual) => sum + 2 * residual, 0) / rows.length);
      assert.deepEqual([session.records.task.labels, session.records.task.majority, session.records.task.metric], [1, 0, "spearman"]);
      const configuration = configurationIn(session, { method: "full", d: null, learningRate: 0.01 }, { epochs: 3 });
      const { final, losses } = await runTrial(session, configuration, { store: openStore(join(folder, "runs")) });
      assert.deepEqual([final?.metric, final?.accuracy, final?.f1, final?.trainAccuracy], [final?.spearman, null, null, null]);
      assert.ok(final?.pearson !== undefined && losses.at(-1)!.loss! < losses[0]!.loss!);
    } finally {
      session.dispose();
    }
  }));
