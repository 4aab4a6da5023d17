import assert from "node:assert/strict";
import { test } from "node:test";
import { searchResultSchema } from "../../lib/records/record.js";
import { conclude } from "../../lib/search/conclude.js";
import type { Entry, Trials } from "../../lib/search/ledger.js";
import { type FindOptions, resolveOptions } from "../../lib/search/options.js";

const optionsOf = (more: Partial<FindOptions> = {}) =>
  resolveOptions({ ambientDimension: 22_713_986, majority: 0.684, ratesPerD: 1, lowest: 100, highest: 10_000, ...more });
const entry = (d: number | null, metric: number | null, seed = 1): Entry => ({
  id: "x", kind: d === null ? "full" : "subspace", d, learningRate: 0.1, seed, metric, seconds: 1, rung: 0,
  outcome: metric === null ? "diverged" : "completed",
});
const trialsOf = (...entries: Entry[]): Trials =>
  ({ entries, walk: (d, seed) => entries.filter((one) => one.d === d && one.seed === seed) });
const FULL = entry(null, 0.81);

test("without trials nothing is settled", () => {
  const result = conclude(trialsOf(FULL), null, optionsOf());
  assert.deepEqual([result.outcome, result.d90, result.lower, result.upper], ["open", null, null, null]);
  assert.equal(conclude(trialsOf(), "interrupted", optionsOf()).outcome, "interrupted");
});

test("a bracket wider than the grid is found but not exact", () => {
  const result = conclude(trialsOf(FULL, entry(499, 0.7), entry(1608, 0.75)), "trials", optionsOf());
  assert.deepEqual([result.outcome, result.d90, result.lower, result.upper, result.exact], ["found", 1608, 499, 1608, false]);
  assert.match(result.notes[0]!, /499 < d90 <= 1608/);
});

test("one end alone leaves it open", () => {
  const reached = conclude(trialsOf(FULL, entry(499, 0.75)), "trials", optionsOf());
  assert.deepEqual([reached.outcome, reached.d90, reached.upper], ["open", null, 499]);
  assert.match(reached.notes[0]!, /only that d90 <= 499/);
  const failed = conclude(trialsOf(FULL, entry(499, 0.7)), "trials", optionsOf());
  assert.match(failed.notes[0]!, /only that d90 > 499/);
});

test("a failure above d90 is recorded as a violation and does not move it", () => {
  const result = conclude(trialsOf(FULL, entry(431, 0.7), entry(499, 0.74), entry(1608, 0.71), entry(1861, null)), null, optionsOf());
  assert.deepEqual([result.d90, result.exact], [499, true]);
  assert.deepEqual(result.violations, [{ d: 1608, seed: 1, metric: 0.71 }, { d: 1861, seed: 1, metric: null }]);
  assert.match(result.notes.join(" "), /Not monotone: below the threshold at d = 1608, 1861/);
});

test("seeds outside the grid are ranked beyond its ends", () => {
  const options = optionsOf({ seeds: [1, 2, 3], highest: 499 });
  const seed = (number: number, ...pairs: [number, number][]) => pairs.map(([d, metric]) => entry(d, metric, number));
  const trials = trialsOf(FULL, ...seed(1, [240, 0.7], [278, 0.74]), ...seed(2, [100, 0.74]), ...seed(3, [499, 0.7]));
  const result = conclude(trials, null, options);
  assert.deepEqual([result.outcome, result.d90, result.interval], ["found", 278, { low: null, high: null }]);
  assert.deepEqual(result.bySeed.map(({ outcome }) => outcome), ["found", "below-grid", "above-grid"]);
});

test("seeds that were not confirmed are counted in a note", () => {
  const result = conclude(trialsOf(FULL, entry(240, 0.7), entry(278, 0.74), entry(278, 0.74, 2)), "trials", optionsOf({ seeds: [1, 2] }));
  assert.deepEqual([result.d90, result.interval], [278, null]);
  assert.match(result.notes.join(" "), /Settled for 1 of 2 seeds/);
});

test("every result passes its schema", () => {
  for (const trials of [trialsOf(), trialsOf(FULL), trialsOf(entry(null, 0.685)), trialsOf(FULL, entry(240, 0.7), entry(278, 0.74))]) {
    for (const stopped of [null, "trials", "interrupted"] as const) searchResultSchema.parse(conclude(trials, stopped, optionsOf()));
  }
});

test("where one number reaches the threshold d90 is 1: there is no smaller d to search from", () => {
  const result = conclude(trialsOf(FULL, entry(2, 0.75), entry(1, 0.75)), null, optionsOf({ lowest: 1, highest: 3 }));
  assert.deepEqual([result.outcome, result.d90, result.lower, result.upper, result.exact], ["found", 1, null, 1, true]);
  assert.deepEqual(result.notes, []);
  searchResultSchema.parse(result);
  assert.equal(conclude(trialsOf(FULL, entry(2, 0.75)), null, optionsOf({ lowest: 2, highest: 3 })).outcome, "below-grid");
});
