import assert from "node:assert/strict";
import { test } from "node:test";
import { baselineOf } from "../../lib/search/baseline.js";
import type { Entry } from "../../lib/search/ledger.js";
import { resolveOptions } from "../../lib/search/options.js";

const options = resolveOptions({ ambientDimension: 1000, majority: 0.684, fullRates: [1e-4, 1e-3], fullSeeds: [1, 2] });
const full = (learningRate: number, seed: number, metric: number | null): Entry =>
  ({ id: "x", kind: "full", d: null, learningRate, seed, metric, outcome: metric === null ? "diverged" : "completed", seconds: 1, rung: 0 });

test("both thresholds follow from the mean at the best rate", () => {
  const baseline = baselineOf([full(1e-4, 1, 0.82), full(1e-3, 1, 0.7), full(1e-4, 2, 0.8)], options)!;
  assert.equal(baseline.fullRate, 1e-4);
  assert.ok(Math.abs(baseline.full - 0.81) < 1e-12);
  assert.ok(Math.abs(baseline.threshold - 0.729) < 1e-12);
  assert.ok(Math.abs(baseline.chanceThreshold - 0.7974) < 1e-12);
  assert.deepEqual([baseline.meaningful, baseline.degenerate], [true, false]);
});

test("of equal rates the smaller is taken", () => {
  assert.equal(baselineOf([full(1e-3, 1, 0.8), full(1e-4, 1, 0.8)], options)!.fullRate, 1e-4);
});

test("a threshold at or below the majority class is degenerate, a gain within the margin means nothing", () => {
  assert.equal(baselineOf([full(1e-4, 1, 0.76)], options)!.degenerate, true);
  assert.equal(baselineOf([full(1e-4, 1, 0.77)], options)!.degenerate, false);
  assert.equal(baselineOf([full(1e-4, 1, 0.69)], options)!.meaningful, false);
});

test("diverged trials give no baseline", () => {
  assert.equal(baselineOf([], options), null);
  assert.equal(baselineOf([full(1e-4, 1, null)], options), null);
});
