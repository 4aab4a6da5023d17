import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateSearch, makeForecast, roundsOf } from "../../lib/search/forecast.js";
import { findD90 } from "../../lib/search/findD90.js";
import { type FindOptions, resolveOptions } from "../../lib/search/options.js";
import { D, MAJORITY, makeWorld } from "./worlds.js";

const base: FindOptions = { ambientDimension: D, majority: MAJORITY };

test("the estimate spans what searches take", async () => {
  const options = { ...base, seeds: [1, 2], fullRates: [1e-4, 3e-4] };
  const { least, expected, most } = await estimateSearch(options);
  assert.deepEqual([least.full, expected.full, most.full], [2, 2, 2]);
  assert.ok(least.subspace < expected.subspace && expected.subspace < most.subspace);
  for (const halfway of [300, 1000, 10_000, 300_000]) {
    const { trials } = await findD90(options, makeWorld({ halfway }));
    assert.ok(trials.length >= least.subspace && trials.length <= most.subspace, `${trials.length}`);
  }
});

test("the estimate keeps to the budget, in trials and in seconds", async () => {
  const estimate = await estimateSearch({ ...base, maxTrials: 5, maxSeconds: 100 }, { full: 60, subspace: 30 });
  assert.ok(estimate.most.subspace <= 5);
  assert.deepEqual(estimate.seconds!.most, 160);
  assert.ok(estimate.seconds!.least <= estimate.seconds!.expected);
});

test("the forecast shrinks as the bracket closes", async () => {
  const forecast = await makeForecast(resolveOptions(base));
  const nothing = { full: 0, subspace: 0 };
  assert.deepEqual(forecast(nothing, { lower: null, upper: null }).full, 1);
  const started = forecast({ full: 1, subspace: 3 }, { lower: 1037, upper: null });
  const nearly = forecast({ full: 1, subspace: 8 }, { lower: 1608, upper: 1861 });
  assert.ok(started.subspace > nearly.subspace);
  assert.equal(nearly.full, 0);
});

test("trials at once: full fine-tunings beside each other, and of an even tree in subspaces its depth", () => {
  assert.deepEqual(roundsOf({ full: 3, subspace: 10 }, 1), { full: 3, subspace: 10 });
  assert.deepEqual(roundsOf({ full: 3, subspace: 10 }, 3), { full: 1, subspace: 5 });
  assert.deepEqual(roundsOf({ full: 4, subspace: 0 }, 3), { full: 2, subspace: 0 });
});
