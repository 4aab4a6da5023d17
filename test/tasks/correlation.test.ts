import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/support/root.js";
import { pearson, spearman } from "../../lib/tasks/correlation.js";

interface Golden { scores: { predictions: number[]; labels: number[]; pearson: number; spearman: number }[] }
const golden = JSON.parse(readFileSync(join(projectRoot, "test", "oracles", "metrics.json"), "utf8")) as Golden;
const near = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, expected ${expected}`);

for (const { predictions, labels, ...expected } of golden.scores) {
  test(`${labels.length} scores, ties among them, have scipy's correlations`, () => {
    near(pearson(predictions, labels), expected.pearson);
    near(spearman(predictions, labels), expected.spearman);
  });
}

test("predictions that do not vary have correlation 0", () => {
  assert.equal(pearson([0.1, 0.1, 0.1], [1, 2, 3]), 0);
  assert.equal(spearman(Float32Array.of(2, 2), [1, 2]), 0);
  assert.equal(spearman([1, 2], [3, 3]), 0);
});

test("correlations do not depend on where predictions lie nor on their scale", () => {
  const labels = [0, 2.5, 1, 5, 4.2], predictions = [1, 2, 3, 4, 4.5];
  near(pearson(predictions.map((value) => 1e-9 * value + 7e-9), labels), pearson(predictions, labels));
  assert.equal(spearman(predictions.map((value) => Math.exp(value)), labels), spearman(predictions, labels));
  assert.equal(pearson(labels, labels), 1);
});

test("correlations refuse different lengths and nothing at all", () => {
  assert.throws(() => pearson([1], [1, 0]), /pearson: predictions must have length 2, got 1/);
  assert.throws(() => spearman([], []), /spearman: predictions and labels must not be empty/);
});
