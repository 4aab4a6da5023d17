import assert from "node:assert/strict";
import { test } from "node:test";
import { findD90, type SearchEvent } from "../../lib/search/findD90.js";
import { gridBetween } from "../../lib/search/grid.js";
import type { RunTrial } from "../../lib/search/ledger.js";
import type { FindOptions } from "../../lib/search/options.js";
import { D, MAJORITY, makeWorld, trialOf, trueCrossing, type WorldOptions } from "./worlds.js";

const base: FindOptions = { ambientDimension: D, majority: MAJORITY };
const grid = gridBetween(100, 1_000_000);

test("a baseline at the majority class ends the search before any subspace", async () => {
  const { result, trials, baseline } = await findD90({ ...base, fullRates: [1e-4, 1e-3] }, makeWorld({ full: MAJORITY + 0.005 }));
  assert.equal(result.outcome, "baseline-not-above-majority");
  assert.equal(result.chanceCorrectedD90.outcome, "baseline-not-above-majority");
  assert.deepEqual([baseline.length, trials.length, result.d90], [2, 0, null]);
  assert.match(result.notes[0]!, /d90 means nothing here/);
});

test("a baseline that diverged at every rate says so", async () => {
  const runTrial: RunTrial = async (request) => ({ ...request, id: "x", outcome: "diverged", metric: null, seconds: 1 });
  const { result } = await findD90(base, { runTrial });
  assert.deepEqual([result.outcome, result.full, result.threshold], ["baseline-not-above-majority", null, null]);
  assert.match(result.notes[0]!, /diverged at every learning rate/);
});

test("a seed of the baseline that diverged is left out and named", async () => {
  const world = makeWorld();
  const { result } = await findD90({ ...base, fullSeeds: [1, 2] }, {
    runTrial: async (request, signal) => request.kind === "full" && request.seed === 2
      ? { ...request, id: "x", outcome: "diverged", metric: null, seconds: 1 } : world.runTrial(request, signal),
  });
  assert.equal(result.full, 0.81);
  assert.match(result.notes.join(" "), /1 trial of full fine-tuning diverged and is left out/);
});

test("diverged trials in subspaces count as failing", async () => {
  const runTrial: RunTrial = async (request) => request.kind === "full" ? trialOf(request, {})
    : { ...request, id: "x", outcome: "diverged", metric: null, seconds: 1 };
  const { result } = await findD90(base, { runTrial });
  assert.deepEqual([result.outcome, result.lower, result.upper], ["above-grid", 1_000_000, null]);
});

test("where 90 % of full fine-tuning is below the majority class, d90 says nothing and the chance-corrected one is searched", async () => {
  const world: WorldOptions = { full: 0.75, halfway: 1000 };
  const { result } = await findD90({ ...base, seeds: [1, 2] }, makeWorld(world));
  assert.equal(result.outcome, "below-grid");
  assert.match(result.notes[0]!, /predicting that class always already passes/);
  const truth = trueCrossing(grid, MAJORITY + 0.9 * (0.75 - MAJORITY), 1, world);
  assert.deepEqual([result.chanceCorrectedD90.outcome, result.chanceCorrectedD90.d90], ["found", truth]);
  assert.equal(result.chanceCorrectedD90.bySeed.length, 2);
});

test("a d90 that says nothing costs one trial, and the chance-corrected search begins at the first d all the same", async () => {
  const { trials, result } = await findD90({ ...base, lowest: 10, ratesPerD: 1, maxTrials: 5 }, makeWorld({ full: 0.75, halfway: 400 }));
  assert.deepEqual(trials.slice(0, 2).map(({ d }) => d), [11, 1037]);
  assert.equal(result.outcome, "below-grid");
  assert.ok(result.chanceCorrectedD90.lower !== null && result.chanceCorrectedD90.upper !== null);
});

test("with any budget of trials the bracket holds d90, and a larger budget never widens it", async () => {
  for (const halfway of [30, 300, 3000, 30_000, 3e6]) {
    const truth = trueCrossing(grid, 0.9 * 0.81, 1, { halfway }) ?? Infinity;
    let width = Infinity;
    for (let maxTrials = 1; maxTrials <= 16; maxTrials++) {
      const { result, trials } = await findD90({ ...base, ratesPerD: 1, maxTrials }, makeWorld({ halfway }));
      assert.ok(trials.length <= maxTrials);
      const { lower, upper } = result;
      assert.ok(truth <= (upper ?? Infinity) && truth > (lower ?? 0), `${lower} < ${truth} <= ${upper}`);
      const now = Math.log((upper ?? 1e8) / (lower ?? 10));
      assert.ok(now <= width);
      width = now;
      if (result.d90 !== null) assert.equal(result.d90, result.upper);
      assert.equal(result.outcome === "open", !result.exact && (result.lower === null || result.upper === null)
        && result.outcome !== "below-grid" && result.outcome !== "above-grid");
    }
  }
});

test("five trials bracket a d90 between 400 and 8,000 within a factor of 2.1", async () => {
  for (let halfway = 600; halfway < 12_000; halfway *= 1.1) {
    const { result } = await findD90({ ...base, ratesPerD: 1, maxTrials: 5, firstD: 1800 }, makeWorld({ halfway }));
    assert.equal(result.outcome, "found");
    assert.ok(result.upper! / result.lower! < 2.1, `${result.lower} to ${result.upper}`);
    if (!result.exact) assert.match(result.notes.join(" "), /The trials at hand end with \d+ < d90 <= \d+/);
  }
});

test("a budget of time counts the seconds of trials in subspaces", async () => {
  const { trials, result } = await findD90({ ...base, maxSeconds: 3.5 }, makeWorld());
  assert.equal(trials.length, 4);
  assert.notEqual(result.outcome, "interrupted");
});

test("an error of a trial that is no divergence reaches the caller", async () => {
  const runTrial: RunTrial = async () => { throw new Error("the disk is full"); };
  await assert.rejects(findD90(base, { runTrial }), /the disk is full/);
});

test("events tell each trial, the baseline, every bracket and the end, with what remains", async () => {
  const events: SearchEvent[] = [];
  await findD90({ ...base, seeds: [1, 2] }, { ...makeWorld(), onEvent: (event) => events.push(event) });
  const types = events.map(({ type }) => type);
  assert.deepEqual(types.slice(0, 4), ["trial-start", "trial-end", "baseline", "trial-start"]);
  assert.equal(types.at(-1), "done");
  const ends = events.flatMap((event) => (event.type === "trial-end" ? [event] : []));
  assert.deepEqual(ends.map(({ number }) => number), ends.map((_, index) => index + 1));
  assert.ok(ends.every(({ remainingTrials, remainingSeconds }) => remainingTrials >= 0 && remainingSeconds! >= 0));
  assert.ok(ends[0]!.remainingTrials > 5);
  assert.ok(ends.every(({ remainingTrials, remainingRounds }) => remainingRounds === remainingTrials), "one at a time");
  const beside: SearchEvent[] = [];
  await findD90({ ...base, seeds: [1, 2] }, { ...makeWorld(), places: 7, onEvent: (event) => beside.push(event) });
  const last = beside.flatMap((event) => (event.type === "trial-end" && event.trial.kind === "subspace" ? [event] : []));
  assert.ok(last.every(({ remainingTrials, remainingRounds }) => remainingRounds === remainingTrials / 3), "seven settle three");
  assert.equal(ends.at(-1)!.remainingTrials <= 1, true);
  const brackets = events.flatMap((event) => (event.type === "bracket" && event.seed === 1 ? [event] : []));
  const widths = brackets.map(({ lower, upper }) => (upper ?? 1e9) - (lower ?? 0));
  assert.deepEqual(widths, [...widths].sort((a, b) => b - a));
});
