import assert from "node:assert/strict";
import { test } from "node:test";
import { baselineNotes, estimateNotes } from "../../lib/search/notes.js";
import type { Estimate } from "../../lib/records/record.js";
import { resolveOptions } from "../../lib/search/options.js";

const options = resolveOptions({ ambientDimension: 1e6, majority: 0.684, fullRates: [1e-4, 3e-4, 1e-3] });
const baseline = { full: 0.81, fullRate: 3e-4, threshold: 0.729, chanceThreshold: 0.7974, meaningful: true, degenerate: false };
const estimate: Estimate = {
  d90: 278, lower: 240, upper: 278, exact: true, outcome: "found", threshold: 0.729, interval: null, bySeed: [], violations: [], notes: [],
};

test("a sound search has no notes", () => {
  assert.deepEqual(baselineNotes([], baseline, options), []);
  assert.deepEqual(estimateNotes(estimate, 1, options), []);
});

test("the best rate of full fine-tuning at the edge of those tried is pointed out", () => {
  assert.match(baselineNotes([], { ...baseline, fullRate: 1e-3 }, options)[0]!, /0.001, lies at the edge/);
});

test("a threshold below the majority class is explained with its numbers", () => {
  const [note] = baselineNotes([], { ...baseline, full: 0.75, threshold: 0.675, degenerate: true }, options);
  assert.match(note!, /90.0 % of full fine-tuning \(67.5 %\) is not above the majority class \(68.4 %\)/);
});

test("a correlation is held against a guess, and is no percentage", () => {
  const correlated = resolveOptions({ ambientDimension: 1e6, majority: 0, metric: "matthews" });
  const [note] = baselineNotes([], { ...baseline, full: 0.004, meaningful: false }, correlated);
  assert.match(note!, /^Full fine-tuning reaches 0\.004, not more than 0\.010 above a guess \(0\.000\): d90 means nothing here/);
});

test("a d90 outside the grid says where to search next", () => {
  assert.match(estimateNotes({ ...estimate, outcome: "below-grid" }, 1, options)[0]!, /smallest d, 100, reaches .* from a smaller one/);
  assert.match(estimateNotes({ ...estimate, outcome: "above-grid" }, 1, options)[0]!, /largest d, 1000000, does not .* to a larger one/);
});
