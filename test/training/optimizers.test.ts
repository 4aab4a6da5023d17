import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { Unrecordable } from "../../lib/engine/graph.js";
import { startEngine } from "../../lib/engine/index.js";
import { record } from "../../lib/engine/record.js";
import { tensorflowBackend } from "../../lib/engine/start.js";
import { projectRoot } from "../../lib/support/root.js";
import { disposeAll, type NamedTensors } from "../../lib/support/tensors.js";
import { clipScale, makeOptimizer, type OptimizerName } from "../../lib/training/optimizers.js";

interface Case { name: OptimizerName; learningRate: number; weightDecay: number; clipNorm: number; end: Record<string, number[]> }
const golden = JSON.parse(readFileSync(join(projectRoot, "test/oracles/optimizers.json"), "utf8")) as
  { start: { matrix: number[][]; vector: number[] }; cases: Case[] };

before(async () => { await startEngine(); });

function trajectory({ name, learningRate, weightDecay, clipNorm }: Case): NamedTensors {
  const optimizer = makeOptimizer({ name, weightDecay, clipNorm });
  let trainable: NamedTensors = { matrix: tf.tensor2d(golden.start.matrix), vector: tf.tensor1d(golden.start.vector) };
  let state = optimizer.init(trainable);
  for (let t = 0; t < 20; t++) {
    const scalars = optimizer.scalars(t, learningRate);
    const old = [trainable, state, scalars];
    const next = tf.tidy(() => {
      const gradients = Object.fromEntries(Object.entries(trainable).map(([key, value]) => [key, tf.sin(tf.add(tf.mul(value, 3), t))]));
      const { trainable: values, state: moments } = optimizer.update(trainable, gradients, state, scalars);
      return { values, moments };
    });
    trainable = next.values;
    state = next.moments;
    old.forEach(disposeAll);
  }
  disposeAll(state);
  return trainable;
}

for (const one of golden.cases) {
  test(`${one.name} with decay ${one.weightDecay} and clipping at ${one.clipNorm} follows PyTorch for 20 updates`, () => {
    const before = tf.memory().numTensors;
    const end = trajectory(one);
    for (const [name, value] of Object.entries(end)) {
      const expected = one.end[name].flat();
      value.dataSync().forEach((got, i) => assert.ok(Math.abs(got - expected[i]) < 2e-5, `${name}[${i}]: ${got}, PyTorch ${expected[i]}`));
    }
    disposeAll(end);
    assert.equal(tf.memory().numTensors, before);
  });
}

test("an unknown optimiser and numbers out of range are refused by name", () => {
  assert.throws(() => makeOptimizer({ name: "adagrad" as OptimizerName }), /makeOptimizer: name must be one of adamw, adam, sgd, got "adagrad"/);
  assert.throws(() => makeOptimizer({ clipNorm: -1 }), /clipNorm must be a number of at least 0, got -1/);
  assert.throws(() => makeOptimizer({ weightDecay: NaN }), /weightDecay/);
});

test("SAID's lambdas move at a share of the rate, z and everything else at the whole", () => {
  const before = tf.memory().numTensors;
  const optimizer = makeOptimizer({ name: "sgd", clipNorm: 0, lambdaRate: 0.25 });
  const trainable = { z: tf.tensor1d([1]), lambda: tf.tensor1d([1]) }, scalars = optimizer.scalars(0, 0.5);
  const next = tf.tidy(() => optimizer.update(trainable, { z: tf.tensor1d([1]), lambda: tf.tensor1d([1]) }, {}, scalars).trainable);
  assert.deepEqual([...next.z.dataSync(), ...next.lambda.dataSync()], [0.5, 0.875]);
  for (const tensors of [trainable, scalars, next]) disposeAll(tensors);
  assert.equal(tf.memory().numTensors, before);
});

test("a recorded global norm has no AddN, which may add in another order in every run", () => {
  const gradients = { one: tf.tensor1d([3, 0]), other: tf.tensor1d([0, 4]) }, backend = tensorflowBackend();
  assert.ok(backend !== null);
  const recording = record(backend, (inputs) => ({ scale: clipScale(inputs, 1)! }), gradients);
  assert.ok(!(recording instanceof Unrecordable));
  const graph = Buffer.from(recording.savedModel);
  assert.ok(graph.includes("Sqrt") && !graph.includes("AddN"));
  recording.dispose();
  disposeAll(gradients);
});
