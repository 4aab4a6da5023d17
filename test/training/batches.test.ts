import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { watchLoading } from "../../lib/support/loading.js";
import { disposeAll } from "../../lib/support/tensors.js";
import { batchTensors, encodeExamples, planEpoch, planEvaluation, type EncodedSet } from "../../lib/training/batches.js";

before(async () => { await startEngine(); });

/** 103 rows of 3 to 57 tokens; token i of row r is 100 r + i. */
const set: EncodedSet = {
  encodings: Array.from({ length: 103 }, (_unused, row) => {
    const length = 3 + ((row * 37) % 55);
    return { inputIds: Array.from({ length }, (_one, i) => 100 * row + i), tokenTypeIds: Array.from({ length }, (_one, i) => (i > 2 ? 1 : 0)) };
  }),
  labels: Array.from({ length: 103 }, (_unused, row) => row % 2),
};
const rowsOf = (plans: { rows: number[] }[]): number[] => plans.flatMap(({ rows }) => rows);
const ascending = (values: number[]): number[] => [...values].sort((a, b) => a - b);
const all = set.labels.map((_label, row) => row);

test("tokenising tells how far it is, and stops between two parts at an abort, with its reason", async () => {
  const tokenizer = { padId: 0, encode: (text: string) => ({ inputIds: [text.length], tokenTypeIds: [0] }) };
  const examples = Array.from({ length: 600 }, (_unused, i) => ({ text: "a".repeat(i % 7), label: i % 2 }));
  const told: number[] = [], stop = watchLoading(({ kind, name, done, total }) => {
    assert.deepEqual([kind, name, total], ["tokenise", "texts", 600]);
    told.push(done);
  });
  const { encodings, labels } = await encodeExamples(tokenizer, examples, { maxLength: 8, name: "texts" });
  assert.deepEqual(encodings.map(({ inputIds }) => inputIds[0]), examples.map(({ text }) => text.length));
  assert.deepEqual(labels, examples.map(({ label }) => label));
  assert.equal(told.at(-1), 600);
  assert.ok(told.length > 2, told.join());
  told.length = 0;
  const controller = new AbortController(), reason = new Error("enough");
  const encoding = encodeExamples(tokenizer, examples, { maxLength: 8, name: "texts", signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(encoding, (error) => error === reason);
  stop();
  assert.equal(told.length, 1);
});

test("an epoch holds every row exactly once, in another order every epoch and for every seed", () => {
  const plans = [[1, 0], [1, 1], [2, 0]].map(([seed, epoch]) => planEpoch(set, { batchSize: 8, seed, epoch }));
  plans.forEach((plan) => assert.deepEqual(ascending(rowsOf(plan)), all));
  assert.equal(new Set(plans.map((plan) => rowsOf(plan).join())).size, 3);
  assert.deepEqual(planEpoch(set, { batchSize: 8, seed: 1, epoch: 0 }), plans[0]);
});

test("batches are padded to the smallest multiple of 8 that holds their longest row", () => {
  for (const plan of [planEpoch(set, { batchSize: 8, seed: 1, epoch: 0 }), planEvaluation(set, 8)]) {
    for (const { rows, length } of plan) {
      const longest = Math.max(...rows.map((row) => set.encodings[row].inputIds.length));
      assert.ok(length % 8 === 0 && length >= longest && length - 8 < longest, `${length} for ${longest}`);
    }
  }
});

test("sorting by length spares at least a third of the padding that a plain shuffle would compute", () => {
  const cost = planEpoch(set, { batchSize: 8, seed: 1, epoch: 0 }).reduce((sum, { length }) => sum + length, 0);
  assert.ok(cost <= (13 * 64 * 2) / 3, `${cost} tokens a row and batch`);
});

test("a short batch is filled with rows whose targets are zero, so that shapes repeat", () => {
  const before = tf.memory().numTensors;
  const batch = batchTensors(set, { rows: [5, 9], length: 64 }, { batchSize: 4, classes: 2, padId: 0 });
  assert.deepEqual(batch.inputIds.shape, [4, 64]);
  assert.deepEqual([...batch.targets.dataSync()], [0, 0.5, 0, 0.5, 0, 0, 0, 0]);
  const ids = batch.inputIds.arraySync();
  assert.deepEqual(ids[1].slice(0, 3), [900, 901, 902]);
  assert.deepEqual(ids[3], ids[0]);
  assert.equal(batch.attentionMask.arraySync()[1].filter((one) => one === 1).length, set.encodings[9].inputIds.length);
  disposeAll(batch);
  assert.equal(tf.memory().numTensors, before);
});

test("class weights make each row's target its share of the batch's weight", () => {
  const options = { batchSize: 4, classes: 2, padId: 0, classWeights: [1, 3] };
  const batch = batchTensors(set, { rows: [4, 5, 9], length: 64 }, options); // labels 0, 1, 1
  const expected = [1 / 7, 0, 0, 3 / 7, 0, 3 / 7, 0, 0];
  batch.targets.dataSync().forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-7));
  disposeAll(batch);
});

test("with one output a target is the label and the row's share, and rows that fill have none", () => {
  const scores: EncodedSet = { ...set, labels: set.labels.map((_label, row) => row / 2) };
  const batch = batchTensors(scores, { rows: [5, 9], length: 64 }, { batchSize: 3, classes: 1, padId: 0 });
  assert.deepEqual(batch.targets.arraySync(), [[2.5, 0.5], [4.5, 0.5], [0, 0]]);
  disposeAll(batch);
});
