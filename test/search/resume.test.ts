import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrialSummary } from "../../lib/records/record.js";
import { findD90 } from "../../lib/search/findD90.js";
import type { FindOptions } from "../../lib/search/options.js";
import type { CachedTrial, RunTrial, TrialRequest } from "../../lib/search/ledger.js";
import { D, MAJORITY, trialOf, type WorldOptions } from "./worlds.js";

const options: FindOptions = {
  ambientDimension: D, majority: MAJORITY, seeds: [1, 2, 3], fullRates: [1e-4, 3e-4], fullSeeds: [1, 2], chanceCorrected: "search",
};
const world: WorldOptions = { halfway: 2000, noise: 0.01, noiseSeed: 3, bestRate: (d) => 0.2 * Math.sqrt(1000 / d) };

const keyOf = ({ kind, d, learningRate, seed }: TrialRequest): string => JSON.stringify([kind, d, learningRate, seed]);

/** A store in memory whose search is interrupted in its trial number `stopAt`, by a trial that ends so or by one that throws. */
function storeOf(recorded: Map<string, TrialSummary>, stopAt: number, throws: boolean) {
  const controller = new AbortController();
  let runs = 0;
  const runTrial: RunTrial = async (request, signal) => {
    runs++;
    const trial = trialOf(request, world);
    if (runs === stopAt) {
      controller.abort();
      assert.equal(signal.aborted, true);
      if (throws) throw new Error("the trial was stopped");
      const interrupted: TrialSummary = { ...trial, outcome: "interrupted", metric: null };
      recorded.set(keyOf(request), interrupted);
      return interrupted;
    }
    recorded.set(keyOf(request), trial);
    return trial;
  };
  const cached: CachedTrial = (request) => recorded.get(keyOf(request)) ?? null;
  return { runTrial, cached, signal: controller.signal, runs: () => runs };
}

test("a search interrupted in any of its trials and taken up equals the uninterrupted one", async () => {
  const whole = await findD90(options, storeOf(new Map(), Infinity, false));
  const total = whole.baseline.length + whole.trials.length;
  assert.ok(total > 15, `${total}`);
  for (const throws of [false, true]) {
    for (let stopAt = 1; stopAt <= total; stopAt++) {
      const recorded = new Map<string, TrialSummary>();
      const stopped = await findD90(options, storeOf(recorded, stopAt, throws));
      assert.equal(stopped.result.outcome, "interrupted");
      assert.equal(stopped.baseline.length + stopped.trials.length, throws ? stopAt - 1 : stopAt);
      const resumed = storeOf(recorded, Infinity, false);
      assert.deepEqual(await findD90(options, resumed), whole);
      assert.equal(resumed.runs(), total - stopAt + 1, "only what was not finished is run");
    }
  }
});

test("a finished search is taken up without running a trial", async () => {
  const recorded = new Map<string, TrialSummary>();
  const first = await findD90(options, storeOf(recorded, Infinity, false));
  const again = storeOf(recorded, Infinity, false);
  assert.deepEqual(await findD90(options, again), first);
  assert.equal(again.runs(), 0);
});

test("a search with a budget, run again, ends where it did; with a larger one it goes on", async () => {
  const recorded = new Map<string, TrialSummary>();
  const first = await findD90({ ...options, maxTrials: 4 }, storeOf(recorded, Infinity, false));
  const again = storeOf(recorded, Infinity, false);
  assert.deepEqual(await findD90({ ...options, maxTrials: 4 }, again), first);
  assert.equal(again.runs(), 0);
  const more = storeOf(recorded, Infinity, false);
  const { trials } = await findD90({ ...options, maxTrials: 6 }, more);
  assert.deepEqual(trials.slice(0, 4), first.trials);
  assert.equal(more.runs(), 2);
});

test("an aborted signal stops before the first trial", async () => {
  const store = storeOf(new Map(), Infinity, false);
  const { result } = await findD90(options, { ...store, signal: AbortSignal.abort() });
  assert.equal(result.outcome, "interrupted");
  assert.equal(store.runs(), 0);
});

test("an interrupted search says what its trials already bracket", async () => {
  const { result } = await findD90({ ...options, ratesPerD: 1 }, storeOf(new Map(), 7, false));
  assert.equal(result.outcome, "interrupted");
  assert.ok(result.lower !== null || result.upper !== null);
});
