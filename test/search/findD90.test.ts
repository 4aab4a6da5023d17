import assert from "node:assert/strict";
import { test } from "node:test";
import { findD90 } from "../../lib/search/findD90.js";
import { gridBetween } from "../../lib/search/grid.js";
import type { FindOptions } from "../../lib/search/options.js";
import { D, MAJORITY, makeWorld, trueCrossing, type WorldOptions } from "./worlds.js";

const grid = gridBetween(100, 1_000_000);
const base: FindOptions = { ambientDimension: D, majority: MAJORITY };
const plainThreshold = 0.9 * 0.81;
const chanceThreshold = MAJORITY + 0.9 * (0.81 - MAJORITY);

/** A world whose plain (or chance-corrected) crossing is at `position` of the grid: the threshold is met between its neighbours. */
function worldAt(position: number, threshold = plainThreshold): WorldOptions {
  const share = (threshold - MAJORITY) / (0.81 - MAJORITY);
  const d = position >= grid.length ? 4e6 : grid[position]! * 0.93;
  return { halfway: d / (share / (1 - share)) ** (1 / 1.5) };
}

test("d90 is exact for a monotone curve wherever on the grid it lies", async () => {
  for (let position = 0; position <= grid.length; position++) {
    const world = makeWorld(worldAt(position));
    const { result } = await findD90(base, world);
    if (position === 0) assert.deepEqual([result.outcome, result.d90, result.lower, result.upper], ["below-grid", null, null, 100]);
    else if (position === grid.length) {
      assert.deepEqual([result.outcome, result.d90, result.lower, result.upper], ["above-grid", null, 1_000_000, null]);
    } else {
      assert.deepEqual([result.outcome, result.d90, result.lower, result.upper], ["found", grid[position], grid[position - 1], grid[position]]);
      assert.equal(result.exact, true);
    }
  }
});

test("the chance-corrected d90 is as exact when it is searched", async () => {
  for (let position = 1; position <= grid.length; position++) {
    const world = worldAt(position, chanceThreshold);
    const { chanceCorrectedD90: chance, ...plain } = (await findD90({ ...base, chanceCorrected: "search" }, makeWorld(world))).result;
    assert.equal(chance.outcome, position === grid.length ? "above-grid" : "found");
    assert.equal(chance.d90, grid[position] ?? null);
    assert.equal(chance.threshold, chanceThreshold);
    assert.equal(plain.upper, trueCrossing(grid, plainThreshold, 1, world) ?? null);
    assert.ok(plain.outcome === "above-grid" || plain.d90 === null || plain.d90 <= (chance.d90 ?? Infinity));
  }
});

test("a chance-corrected d90 that is only read off the trials is an honest bracket", async () => {
  for (let position = 0; position <= grid.length; position++) {
    const world = worldAt(position);
    const truth = trueCrossing(grid, chanceThreshold, 1, world) ?? Infinity;
    const { chanceCorrectedD90: chance } = (await findD90(base, makeWorld(world))).result;
    assert.ok((chance.lower ?? 0) < truth && truth <= (chance.upper ?? Infinity), `${chance.lower} < ${truth} <= ${chance.upper}`);
    if (chance.exact) assert.equal(chance.d90, truth);
  }
});

test("the number of trials is logarithmic in the grid", async () => {
  for (let position = 0; position <= grid.length; position++) {
    for (const ratesPerD of [1, 3]) {
      const { trials } = await findD90({ ...base, ratesPerD }, makeWorld(worldAt(position)));
      const positions = new Set(trials.map(({ d }) => d)).size;
      assert.ok(positions <= 2 * Math.log2(grid.length) + 2, `${positions} values of d`);
      assert.ok(trials.length <= positions * ratesPerD);
    }
  }
});

test("the search never asks for the same trial twice", async () => {
  for (let noiseSeed = 0; noiseSeed < 50; noiseSeed++) {
    const { runTrial, requests } = makeWorld({ noise: 0.02, noiseSeed });
    await findD90({ ...base, seeds: [1, 2, 3], chanceCorrected: "search", fullRates: [1e-4, 3e-4], fullSeeds: [1, 2] }, { runTrial });
    assert.equal(new Set(requests.map((request) => JSON.stringify(request))).size, requests.length);
  }
});

test("a rule of rates that is far off is corrected by the walk, and the next d begins where the last ended", async () => {
  const bestRate = (d: number) => 0.5 * Math.sqrt(1000 / d);
  for (const rateMultiplier of [1, 10, 300]) {
    const world: WorldOptions = { halfway: 700, bestRate, tolerance: 6, divergesAt: 30 };
    const { result, trials } = await findD90({ ...base, rateMultiplier, ratesPerD: 6 }, makeWorld(world));
    const truth = trueCrossing(grid, plainThreshold, 1, world)!;
    assert.ok(result.d90! / truth < 1.35 && result.d90! >= truth, `multiplier ${rateMultiplier}: ${result.d90} for ${truth}`);
    const last = trials.filter(({ d }) => d === result.d90);
    assert.ok(last.length <= 2, "few rates at the d that settled it");
  }
});

test("full fine-tuning takes its best rate, averaged over its seeds", async () => {
  const metrics: Record<string, number> = { "1/0.0001": 0.78, "1/0.0003": 0.82, "1/0.001": 0.7, "2/0.0003": 0.8 };
  const world = makeWorld();
  const { result, baseline } = await findD90({ ...base, fullRates: [1e-4, 3e-4, 1e-3], fullSeeds: [1, 2] }, {
    runTrial: async (request, signal) => request.kind === "full"
      ? { ...request, id: "full", outcome: "completed", metric: metrics[`${request.seed}/${request.learningRate}`]!, seconds: 2 }
      : world.runTrial(request, signal),
  });
  assert.equal(baseline.length, 4);
  assert.equal(result.fullRate, 3e-4);
  assert.ok(Math.abs(result.full! - 0.81) < 1e-12);
  assert.ok(Math.abs(result.threshold! - plainThreshold) < 1e-12);
});

test("d90 over seeds is what more than half of them need, with an interval and each seed's own bracket", async () => {
  const world: WorldOptions = { halfway: 1000, shift: (seed) => [1, 1.6, 0.7, 1.25, 2][seed - 1]! };
  const seeds = [1, 2, 3, 4, 5];
  const truths = seeds.map((seed) => trueCrossing(grid, plainThreshold, seed, world)!);
  const { result, trials } = await findD90({ ...base, seeds }, makeWorld(world));
  const ordered = [...truths].sort((a, b) => a - b);
  assert.deepEqual(result.bySeed.map(({ d90 }) => d90), truths);
  assert.equal(result.d90, ordered[2]);
  assert.deepEqual(result.interval, { low: ordered[0], high: ordered[4] });
  for (const seed of seeds.slice(1)) {
    const own = trials.filter((trial) => trial.seed === seed), contradicts = own.filter(({ d, metric }) => d! >= truths[0]! && metric! < plainThreshold);
    const places = new Set(contradicts.map(({ d }) => d)).size;
    assert.equal(contradicts.length, 3 * places, "three rates where it contradicts the first");
    assert.ok(own.length - 2 * places <= 6, "a seed that confirms is cheap");
  }
});

test("seeds that agree cost two trials each", async () => {
  const { trials, result } = await findD90({ ...base, seeds: [1, 2, 3] }, makeWorld());
  assert.deepEqual([2, 3].map((seed) => trials.filter((trial) => trial.seed === seed).length), [2, 2]);
  assert.deepEqual(result.interval, { low: result.d90, high: result.d90 });
});

test("with two seeds d90 is the larger one: both reach it", async () => {
  const world: WorldOptions = { shift: (seed) => (seed === 1 ? 1 : 1.6) };
  const { result } = await findD90({ ...base, seeds: [1, 2] }, makeWorld(world));
  assert.equal(result.d90, trueCrossing(grid, plainThreshold, 2, world));
});

test("noise never breaks the search: its bracket is made of its own trials, and most answers are near", async () => {
  let near = 0;
  for (let noiseSeed = 0; noiseSeed < 200; noiseSeed++) {
    const world: WorldOptions = { halfway: 1500, noise: 0.006, noiseSeed };
    const { result, trials } = await findD90({ ...base, seeds: [1, 2, 3], chanceCorrected: "search" }, makeWorld(world));
    for (const { seed, lower, upper } of result.bySeed) {
      const at = (d: number | null) => trials.filter((trial) => trial.d === d && trial.seed === seed).map(({ metric }) => metric!);
      if (upper !== null) assert.ok(Math.max(...at(upper)) >= result.threshold!);
      if (lower !== null) assert.ok(Math.max(...at(lower)) < result.threshold!);
      assert.ok((lower ?? 0) < (upper ?? Infinity));
    }
    for (const { d, seed } of result.violations) {
      assert.ok(d > result.bySeed.find((one) => one.seed === seed)!.upper!);
    }
    const truth = trueCrossing(grid, result.threshold!, 1, world)!;
    if (result.d90 !== null && Math.abs(Math.log(result.d90 / truth)) < Math.log(1.5)) near++;
  }
  assert.ok(near > 160, `${near} of 200 within a factor 1.5`);
});
