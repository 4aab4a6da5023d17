import assert from "node:assert/strict";
import { test } from "node:test";
import { completedTrials, curveRows, trialRows } from "../../lib/charts/trials.js";
import type { TrialSummary } from "../../lib/records/record.js";
import { searchRecord } from "./records.js";

const trial = (d: number, learningRate: number, seed: number, metric: number | null): TrialSummary => {
  const outcome = metric === null ? "diverged" : "completed";
  return { id: "0".repeat(12), kind: "subspace", d, learningRate, seed, outcome, metric, seconds: 1 };
};

const record = { ...searchRecord({ result: { threshold: 0.72 } }), trials: [
  trial(1000, 0.1, 0, 0.7), trial(1000, 0.3, 0, 0.74), trial(1000, 0.9, 0, null), trial(1000, 0.3, 1, 0.76), trial(100, 0.3, 0, 0.69),
] };

test("a trial reaches its threshold with equality, and not when it diverged", () => {
  const rows = trialRows([{ ...record, result: { ...record.result, threshold: 0.74 } }]);
  assert.deepEqual(rows.map(({ reached }) => reached), [false, true, false, true, false]);
});

test("the best learning rate is marked for each method, d and seed", () => {
  const rows = completedTrials([record]).objects() as { d: number; seed: number; learningRate: number; best: boolean }[];
  const best = rows.filter((row) => row.best).map(({ d, seed, learningRate }) => [d, seed, learningRate]);
  assert.deepEqual(best, [[100, 0, 0.3], [1000, 0, 0.3], [1000, 1, 0.3]]);
});

test("the curve is the mean over seeds at the best rate", () => {
  const rows = curveRows([record]);
  assert.deepEqual(rows.map(({ d, seeds }) => [d, seeds]), [[100, 1], [1000, 2]]);
  assert.ok(Math.abs(rows[1]!.metric - 0.75) < 1e-12);
  assert.deepEqual([rows[1]!.low, rows[1]!.high], [0.74, 0.76]);
});

test("a search without trials has an empty curve", () => {
  assert.deepEqual(curveRows([{ ...record, trials: [] }]), []);
});
