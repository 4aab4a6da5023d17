import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { againstDimension } from "../../lib/charts/againstDimension.js";
import { generalizationPoints, rankCorrelation } from "../../lib/charts/generalization.js";
import { withTrials } from "../../lib/records/trialsOf.js";
import { openStore } from "../../lib/records/store.js";
import { searchRecord, searchWithTrials, trialRecord } from "./records.js";

const found = searchWithTrials({ model: "bert-small", middle: 900, accuracies: [[0.74, 0.8], [0.76, 0.82]] });

test("a point is the mean over seeds of what the best rate reached at d90", () => {
  const [point] = generalizationPoints([found]);
  assert.equal(point?.d, found.search.result.d90);
  assert.equal(point?.lower, found.search.result.lower);
  assert.equal(point?.seeds, 2);
  assert.ok(Math.abs(point!.accuracy - 0.75) < 1e-12);
  assert.ok(Math.abs(point!.trainAccuracy! - 0.81) < 1e-12);
  // (0.80 - 0.74) / 0.26 and (0.82 - 0.76) / 0.24, by hand.
  assert.ok(Math.abs(point!.gap! - (0.06 / 0.26 + 0.06 / 0.24) / 2) < 1e-12);
  assert.equal(point?.label, "bert-small, mrpc, DID");
});

test("worse rates of a seed do not count, nor do trials at other d or searches without an upper end", () => {
  const { search, trials } = found, d = search.result.d90!;
  const worse = trialRecord({ d, seed: 0, learningRate: 0.9, metric: 0.5 }), other = trialRecord({ d: d + 1, seed: 0, metric: 0.99 });
  const [point] = generalizationPoints([{ search, trials: [worse, ...trials, other] }]);
  assert.ok(Math.abs(point!.accuracy - 0.75) < 1e-12);
  const above = { ...search, result: { ...search.result, d90: null, upper: null } };
  assert.deepEqual(generalizationPoints([{ search: above, trials }]), []);
  assert.deepEqual(generalizationPoints([{ search, trials: [] }]), []);
});

test("without a training accuracy, or at a perfect one on the dev rows, there is no gap", () => {
  const trials = found.trials.map((trial) => ({ ...trial, final: { ...trial.final!, trainAccuracy: null } }));
  assert.equal(generalizationPoints([{ ...found, trials }])[0]?.gap, null);
  assert.throws(() => againstDimension([{ ...found, trials }], "gap"), /^RangeError: againstDimension: searches must include one .* got 1 search without\.$/);
  const perfect = found.trials.map((trial) => ({ ...trial, final: { ...trial.final!, accuracy: 1, trainAccuracy: 1 } }));
  assert.equal(generalizationPoints([{ ...found, trials: perfect }])[0]?.gap, null);
});

test("rank correlation is Spearman's: scipy.stats.spearmanr gives the same", () => {
  const pairs = (xs: number[], ys: number[]) => xs.map((x, index) => ({ x, y: ys[index]! }));
  assert.equal(rankCorrelation(pairs([1, 2, 3, 4], [10, 8, 6, 1])), -1);
  assert.ok(Math.abs(rankCorrelation(pairs([1, 2, 2, 4, 5], [3, 1, 4, 4, 9]))! - 0.7631578947368421) < 1e-12);
  assert.equal(rankCorrelation(pairs([1, 2, 3], [1, 2, 3])), null);
  assert.equal(rankCorrelation(pairs([1, 2, 3, 4], [5, 5, 5, 5])), null);
});

test("trials are read from the store of their search; what is gone is left out", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "d90-trials-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const store = openStore(folder), trial = trialRecord({ d: 1389 }), search = searchRecord();
  await store.write(trial);
  const trials = [{ ...search.trials[0]!, id: trial.id }, search.trials[1]!];
  const [both] = await withTrials(store, [{ ...search, trials }]);
  assert.deepEqual(both?.trials, [trial]);
});
