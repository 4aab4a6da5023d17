import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/support/root.js";
import { accuracy, balancedWeights, chanceLevel, f1, labelCounts, majorityShare, matthews } from "../../lib/tasks/index.js";

interface Case { predictions: number[]; labels: number[]; accuracy: number; matthews: number }
interface Golden { cases: (Case & { f1: number })[]; several: Case[] }
const golden = JSON.parse(readFileSync(join(projectRoot, "test", "oracles", "metrics.json"), "utf8")) as Golden;
const near = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, expected ${expected}`);

for (const [index, { predictions, labels, ...expected }] of golden.cases.entries()) {
  test(`case ${index} has scikit-learn's accuracy, F1 and Matthews correlation`, () => {
    near(accuracy(predictions, labels), expected.accuracy);
    near(f1(predictions, labels), expected.f1);
    near(matthews(predictions, labels), expected.matthews);
  });
}

for (const { predictions, labels, ...expected } of golden.several) {
  test(`${new Set(labels).size} classes have scikit-learn's accuracy and Matthews correlation`, () => {
    near(accuracy(predictions, labels), expected.accuracy);
    near(matthews(predictions, labels), expected.matthews);
  });
}

test("metrics take typed arrays", () => {
  assert.equal(accuracy(Int32Array.of(1, 0), Uint8Array.of(1, 1)), 0.5);
  assert.equal(matthews(Int32Array.of(1, 0), Uint8Array.of(1, 0)), 1);
});

test("metrics refuse different lengths and nothing at all", () => {
  assert.throws(() => accuracy([1], [1, 0]), /accuracy: predictions must have length 2, got 1/);
  assert.throws(() => f1([], []), /f1: predictions and labels must not be empty/);
  assert.throws(() => matthews([], []), /matthews: predictions and labels must not be empty/);
});

const ofLabels = (...labels: number[]) => labels.map((label) => ({ text: "a", label }));

test("the majority share is that of the most frequent label", () => {
  const examples = ofLabels(0, 2, 2, 2, 1);
  assert.deepEqual(labelCounts(examples), [1, 1, 3]);
  assert.deepEqual(labelCounts(examples, 4), [1, 1, 3, 0]);
  assert.equal(majorityShare(examples), 0.6);
  assert.throws(() => majorityShare([]), /must not be empty/);
});

test("chance is what the best constant answer reaches, whatever the metric", () => {
  const examples = ofLabels(1, 1, 0, 0, 0), labels = examples.map(({ label }) => label);
  assert.equal(chanceLevel("accuracy", examples), accuracy([0, 0, 0, 0, 0], labels));
  near(chanceLevel("f1", examples), f1([1, 1, 1, 1, 1], labels));
  assert.equal(chanceLevel("matthews", examples), matthews([0, 0, 0, 0, 0], labels));
  assert.deepEqual([chanceLevel("pearson", examples), chanceLevel("spearman", examples)], [0, 0]);
});

test("balanced weights give every class the same say, and are scikit-learn's", () => {
  const weights = balancedWeights(ofLabels(0, 0, 0, 1), 2);
  assert.deepEqual(weights, [4 / 6, 2]);
  assert.throws(() => balancedWeights(ofLabels(0, 0), 2), /class 1 must have rows to train on, got none/);
  assert.throws(() => balancedWeights(ofLabels(0.5), 0), /labels must be classes, got numbers/);
});
