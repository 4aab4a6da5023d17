import assert from "node:assert/strict";
import { test } from "node:test";
import { createLedger } from "../../lib/search/ledger.js";
import { type FindOptions, resolveOptions } from "../../lib/search/options.js";
import { search, type StageEvent } from "../../lib/search/search.js";
import { D, MAJORITY, trialOf, type WorldOptions } from "./worlds.js";

/** Runs the search and returns the d that each seed tried, in order. */
async function trace(world: WorldOptions, more: Partial<FindOptions> = {}) {
  const options = resolveOptions({ ambientDimension: D, majority: MAJORITY, ratesPerD: 1, ...more });
  const events: StageEvent[] = [];
  const ledger = createLedger({
    limits: options, runTrial: async (request) => trialOf(request, world), cached: () => null,
    signal: new AbortController().signal, onEvent: () => undefined,
  });
  const result = await search(ledger, options, (event) => events.push(event));
  return { result, events, tried: ledger.entries.filter(({ kind }) => kind === "subspace").map(({ d, seed }) => [seed, d]) };
}

test("the search goes outward from the first d in growing steps, then bisects", async () => {
  const { tried } = await trace({ halfway: 10_000 });
  assert.deepEqual(tried.map(([, d]) => d), [1037, 3340, 34_648, 10_758, 5994, 8030, 6938]);
});

test("both dimensions are searched with the first seed before any other confirms", async () => {
  const { events } = await trace({}, { seeds: [1, 2], chanceCorrected: "search" });
  const order = events.flatMap((event) => (event.type === "bracket" ? [`${event.target}/${event.seed}`] : []));
  assert.deepEqual([...new Set(order)], ["d90/1", "chanceCorrectedD90/1", "d90/2", "chanceCorrectedD90/2"]);
});

test("the baseline is told before the first bracket", async () => {
  const { events } = await trace({});
  assert.deepEqual(events.slice(0, 2).map(({ type }) => type), ["baseline", "bracket"]);
});
