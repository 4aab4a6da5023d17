import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { TrialSummary } from "../../lib/records/record.js";
import { keyOf, requestsAhead } from "../../lib/search/ahead.js";
import { findD90, type FindHooks } from "../../lib/search/findD90.js";
import type { RunTrial, TrialRequest } from "../../lib/search/ledger.js";
import { type FindOptions, resolveOptions } from "../../lib/search/options.js";
import { sideBySide } from "../../lib/search/sideBySide.js";
import { randomIndices } from "../../lib/support/random.js";
import { D, MAJORITY, makeWorld, trialOf, type WorldOptions } from "./worlds.js";

const base: FindOptions = { ambientDimension: D, majority: MAJORITY, seeds: [1, 2, 3], fullRates: [1e-4, 3e-4], fullSeeds: [1, 2] };

interface Place {
  /** Requests that began, in order, and how many ran at once at most. */
  begun: string[];
  most: number;
  /** How many of the search's requests were running or done when they were asked for. */
  ready: number;
  hooks: FindHooks & { cached: NonNullable<FindHooks["cached"]>; end(): Promise<void> };
}

/** A world with a store in memory, whose trials take turns of the event loop that a seed draws, and notice when they are stopped. */
function placeOf(options: FindOptions, world: WorldOptions, { size, seed, recorded = new Map<string, TrialSummary>(), abort = new AbortController(), fails = () => false }: {
  size: number; seed: number; recorded?: Map<string, TrialSummary>; abort?: AbortController; fails?: (request: TrialRequest) => boolean;
}): Place {
  const draw = randomIndices(seed), begun: string[] = [];
  let running = 0;
  const runTrial: RunTrial = async (request, signal) => {
    begun.push(keyOf(request));
    place.most = Math.max(place.most, ++running);
    for (let turns = draw(4); turns >= 0 && !signal.aborted; turns--) await sleep(0);
    running--;
    if (fails(request)) throw new Error(`${keyOf(request)} failed`);
    const trial: TrialSummary = signal.aborted ? { ...trialOf(request, world), outcome: "interrupted", metric: null } : trialOf(request, world);
    recorded.set(keyOf(request), trial);
    return trial;
  };
  const beside = sideBySide({ size, options: resolveOptions(options), runTrial, cached: (request) => recorded.get(keyOf(request)) ?? null, signal: abort.signal });
  const place: Place = {
    begun, most: 0, ready: 0,
    hooks: {
      ...beside, signal: abort.signal,
      runTrial: (request, signal) => {
        if (begun.includes(keyOf(request))) place.ready++;
        return beside.runTrial(request, signal);
      },
    },
  };
  return place;
}

const worlds: WorldOptions[] = [0, 2, 4].map((noiseSeed) =>
  ({ halfway: 300 * 3 ** noiseSeed, noise: 0.01, noiseSeed, bestRate: (d) => 0.2 * Math.sqrt(1000 / d), divergesAt: 40, shift: (seed) => 1 + 0.3 * seed }));

test("trials side by side give the result of trials one by one, and never more at once than places", async () => {
  for (const [index, world] of worlds.entries()) {
    for (const options of [base, { ...base, chanceCorrected: "search" as const, maxTrials: 9 }]) {
      const whole = await findD90(options, makeWorld(world)), asked = whole.baseline.length + whole.trials.length;
      for (const size of [2, 4]) {
        const place = placeOf(options, world, { size, seed: index });
        assert.deepEqual(await findD90(options, place.hooks).finally(place.hooks.end), whole);
        assert.equal(place.most, size);
        assert.equal(new Set(place.begun).size >= asked, true);
        assert.ok(place.ready > asked / 3, `${place.ready} of ${asked} were ready with ${size} places`);
      }
    }
  }
});

test("a search side by side that was interrupted is taken up, and nothing finished is run again", async () => {
  const world = worlds[1]!, whole = await findD90(base, makeWorld(world));
  for (let stopAfter = 1; stopAfter < 12; stopAfter += 3) {
    const recorded = new Map<string, TrialSummary>(), abort = new AbortController();
    const first = placeOf(base, world, { size: 3, seed: stopAfter, recorded, abort });
    let ended = 0;
    const stopped = await findD90(base, { ...first.hooks, onEvent: ({ type }) => { if (type === "trial-end" && ++ended === stopAfter) abort.abort(); } }).finally(first.hooks.end);
    assert.equal(stopped.result.outcome, "interrupted");
    const finished = [...recorded].flatMap(([key, { outcome }]) => (outcome === "interrupted" ? [] : [key]));
    const second = placeOf(base, world, { size: 3, seed: 0, recorded });
    assert.deepEqual(await findD90(base, second.hooks).finally(second.hooks.end), whole);
    assert.deepEqual(finished.filter((key) => second.begun.includes(key)), []);
  }
});

test("a trial that fails ends the search only if the search asks for it", async () => {
  const world = worlds[1]!, whole = await findD90(base, makeWorld(world));
  const asked = new Set([...whole.baseline, ...whole.trials].map(keyOf));
  const beside = placeOf(base, world, { size: 4, seed: 3, fails: (request) => !asked.has(keyOf(request)) });
  assert.deepEqual(await findD90(base, beside.hooks).finally(beside.hooks.end), whole);
  assert.ok(beside.begun.some((key) => !asked.has(key)), "some failed");
  const always = placeOf(base, world, { size: 4, seed: 3, fails: ({ kind }) => kind === "subspace" });
  await assert.rejects(findD90(base, always.hooks).finally(always.hooks.end), /^Error: subspace\/1037\/.* failed$/);
});

test("what is ahead begins with what is certain: every rate of full fine-tuning, then either outcome of each trial", async () => {
  const options = resolveOptions(base), known = new Map<string, TrialSummary>();
  const first = await requestsAhead(options, known, 2);
  assert.deepEqual(first.map(({ kind, learningRate, seed }) => [kind, learningRate, seed]), [["full", 1e-4, 1], ["full", 3e-4, 1]]);
  for (const request of [...first, { ...first[0]!, seed: 2 }]) known.set(keyOf(request), trialOf(request, {}));
  const next = await requestsAhead(options, known, 3);
  assert.equal(next[0]!.d, nearestTo(1000, options.grid));
  assert.deepEqual(new Set(next.slice(1).map(({ d }) => d! - next[0]!.d!).map(Math.sign)), new Set([0, -1]), "another rate if it fails, a smaller d if it reaches");
});

test("a trial that cannot be asked for any more is stopped when that is known, and one that can runs on", async () => {
  const options = resolveOptions(base), known = new Map<string, TrialSummary>();
  for (const request of [...await requestsAhead(options, known, 2), { kind: "full", d: null, learningRate: 1e-4, seed: 2 } as const]) known.set(keyOf(request), trialOf(request, {}));
  const running = new Map<string, { request: TrialRequest; signal: AbortSignal; end: (trial: TrialSummary) => void }>();
  const beside = sideBySide({
    size: 3, options, cached: (request) => known.get(keyOf(request)) ?? null, signal: new AbortController().signal,
    runTrial: (request, signal) => new Promise((resolve) => {
      running.set(keyOf(request), { request, signal, end: resolve });
      signal.addEventListener("abort", () => resolve({ id: "", ...request, outcome: "interrupted", metric: null, seconds: 0 }));
    }),
  });
  const [asked] = await requestsAhead(options, known, 1), outcome = beside.runTrial(asked!, new AbortController().signal);
  while (running.size < 3) await sleep(1);
  const [first, another, smaller] = [...running.values()].sort((a, b) => b.request.d! - a.request.d!);
  assert.deepEqual([first!.request.d, another!.request.d], [asked!.d, asked!.d], "another rate, if the first fails");
  running.get(keyOf(asked!))!.end({ id: "", ...asked!, outcome: "completed", metric: 1, seconds: 0 });
  assert.equal((await outcome).metric, 1);
  while (running.size < 4) await sleep(1);
  const useless = [first!, another!].find(({ request }) => keyOf(request) !== keyOf(asked!))!;
  assert.deepEqual([useless.signal.aborted, smaller!.signal.aborted], [true, false]);
  await beside.end();
});

const nearestTo = (d: number, grid: readonly number[]): number => grid.reduce((best, value) => (Math.abs(value - d) < Math.abs(best - d) ? value : best));
