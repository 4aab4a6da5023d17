import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/support/root.js";
import { accuracy, f1, labelCounts, majorityShare } from "../../lib/tasks/index.js";

interface Golden { cases: { predictions: number[]; labels: number[]; accuracy: number; f1: number }[] }
const golden = JSON.parse(readFileSync(join(projectRoot, "test", "oracles", "metrics.json"), "utf8")) as Golden;

for (const [index, { predictions, labels, ...expected }] of golden.cases.entries()) {
  test(`case ${index} has scikit-learn's accuracy and F1`, () => {
    assert.ok(Math.abs(accuracy(predictions, labels) - expected.accuracy) < 1e-12);
    assert.ok(Math.abs(f1(predictions, labels) - expected.f1) < 1e-12);
  });
}

test("metrics take typed arrays", () => {
  assert.equal(accuracy(Int32Array.of(1, 0), Uint8Array.of(1, 1)), 0.5);
});

test("metrics refuse different lengths and nothing at all", () => {
  assert.throws(() => accuracy([1], [1, 0]), /accuracy: predictions must have length 2, got 1/);
  assert.throws(() => f1([], []), /f1: predictions and labels must not be empty/);
});

test("the majority share is that of the most frequent label", () => {
  const examples = [0, 2, 2, 2, 1].map((label) => ({ text: "a", label }));
  assert.deepEqual(labelCounts(examples), [1, 1, 3]);
  assert.deepEqual(labelCounts(examples, 4), [1, 1, 3, 0]);
  assert.equal(majorityShare(examples), 0.6);
  assert.throws(() => majorityShare([]), /must not be empty/);
});
