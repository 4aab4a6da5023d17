import assert from "node:assert/strict";
import { test } from "node:test";
import { explore, statusAt, statusesOf } from "../../lib/search/explore.js";
import { createLedger } from "../../lib/search/ledger.js";
import { resolveOptions } from "../../lib/search/options.js";
import { D, MAJORITY, trialOf, type WorldOptions } from "./worlds.js";

const options = resolveOptions({ ambientDimension: D, majority: MAJORITY, seeds: [1, 2], lowest: 100, highest: 10_000 });
const ledgerOf = (world: WorldOptions) => createLedger({
  limits: options, runTrial: async (request) => trialOf(request, world), cached: () => null,
  signal: new AbortController().signal, onEvent: () => undefined,
});
const fullRate = 1e-4;

test("a d fails only when its walk over rates has ended", async () => {
  const ledger = ledgerOf({ halfway: 1000 });
  assert.equal(statusAt(ledger, { d: 133, seed: 1, threshold: 0.729 }, options), "open");
  await explore(ledger, { d: 133, seed: 1, threshold: 0.729 }, { fullRate }, options);
  assert.equal(ledger.entries.length, 3);
  assert.equal(statusAt(ledger, { d: 133, seed: 1, threshold: 0.729 }, options), "fails");
});

test("the walk ends at the first rate that reaches the threshold, and goes on for a stricter one", async () => {
  const ledger = ledgerOf({ halfway: 1000 });
  await explore(ledger, { d: 1608, seed: 1, threshold: 0.729 }, { fullRate }, options);
  assert.equal(ledger.entries.length, 1);
  assert.equal(statusAt(ledger, { d: 1608, seed: 1, threshold: 0.8 }, options), "open");
  await explore(ledger, { d: 1608, seed: 1, threshold: 0.8 }, { fullRate }, options);
  assert.equal(ledger.entries.length, 3);
  assert.deepEqual([statusAt(ledger, { d: 1608, seed: 1, threshold: 0.8 }, options), statusAt(ledger, { d: 1608, seed: 1, threshold: 0.729 }, options)], ["fails", "reaches"]);
});

test("the next d begins at the best rate of the nearest, scaled by the rule; a seed that confirms tries it alone where the first fails", async () => {
  const ledger = ledgerOf({ halfway: 1000, bestRate: (d) => 1.35 * Math.sqrt(1000 / d), tolerance: 5 });
  await explore(ledger, { d: 1037, seed: 1, threshold: 0.8 }, { fullRate }, options);
  await explore(ledger, { d: 1200, seed: 1, threshold: 0.8 }, { fullRate }, options);
  await explore(ledger, { d: 1200, seed: 2, threshold: 0.8 }, { fullRate }, options);
  assert.deepEqual(ledger.walk(1037, 1).map(({ rung }) => rung), [0, 1, 2]);
  assert.equal(ledger.walk(1200, 1)[0]!.rung, 2);
  assert.deepEqual(ledger.walk(1200, 2).map(({ rung }) => rung), [2]);
  assert.equal(statusAt(ledger, { d: 1200, seed: 2, threshold: 0.8 }, options), "fails");
});

test("a seed that confirms searches the rate where it fails and the first does not", async () => {
  const ledger = ledgerOf({ halfway: 1000, shift: (seed) => (seed === 1 ? 1 : 100) });
  for (const seed of [1, 2]) for (const d of [1389, 2154]) await explore(ledger, { d, seed, threshold: 0.729 }, { fullRate }, options);
  assert.deepEqual([1, 2].map((seed) => [1389, 2154].map((d) => ledger.walk(d, seed).length)), [[1, 1], [3, 3]]);
  await explore(ledger, { d: 1200, seed: 2, threshold: 0.729 }, { fullRate }, options);
  assert.equal(ledger.walk(1200, 2).length, 1, "below what the first seed is known to reach");
});

test("statuses cover the grid", async () => {
  const ledger = ledgerOf({ halfway: 1000 });
  await explore(ledger, { d: 155, seed: 1, threshold: 0.729 }, { fullRate }, options);
  const statuses = statusesOf(ledger, 1, 0.729, options);
  assert.equal(statuses.length, options.grid.length);
  assert.deepEqual(statuses.slice(0, 5), ["open", "open", "open", "fails", "open"]);
});
