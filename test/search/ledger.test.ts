import assert from "node:assert/strict";
import { test } from "node:test";
import { createLedger, type LedgerOptions, SearchStopped, type TrialEvent, type TrialRequest } from "../../lib/search/ledger.js";
import { trialOf } from "./worlds.js";

const at = (d: number, seed = 1): TrialRequest => ({ kind: "subspace", d, learningRate: 0.1, seed });

function makeLedger(options: Partial<LedgerOptions> = {}) {
  const events: TrialEvent[] = [];
  const ledger = createLedger({
    limits: { maxTrials: null, maxSeconds: null },
    runTrial: async (request) => trialOf(request, {}),
    cached: () => null,
    signal: new AbortController().signal,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { ledger, events };
}

test("trials are kept in order, and by d and seed", async () => {
  const { ledger } = makeLedger();
  await ledger.run(at(100), 0);
  await ledger.run(at(200), 1);
  await ledger.run({ ...at(100), learningRate: 0.3 }, 1);
  assert.deepEqual(ledger.entries.map(({ d }) => d), [100, 200, 100]);
  assert.deepEqual(ledger.walk(100, 1).map(({ rung }) => rung), [0, 1]);
  assert.deepEqual(ledger.walk(100, 2), []);
});

test("a recorded trial is taken up without a start, an interrupted one is run again", async () => {
  const { ledger, events } = makeLedger({
    cached: (request) => request.d === 100 ? trialOf(request, {}) : { ...trialOf(request, {}), outcome: "interrupted", metric: null },
  });
  await ledger.run(at(100), 0);
  await ledger.run(at(200), 0);
  assert.deepEqual(events.map(({ type }) => type), ["trial-end", "trial-start", "trial-end"]);
  assert.equal(ledger.entries[1]!.outcome, "completed");
});

test("the budget of trials and of seconds stops trials in subspaces, never full fine-tuning", async () => {
  for (const limits of [{ maxTrials: 2, maxSeconds: null }, { maxTrials: null, maxSeconds: 1.5 }]) {
    const { ledger } = makeLedger({ limits });
    await ledger.run(at(100), 0);
    await ledger.run(at(200), 0);
    await ledger.run({ kind: "full", d: null, learningRate: 1e-4, seed: 1 }, 0);
    await assert.rejects(ledger.run(at(300), 0), SearchStopped);
    assert.equal(ledger.entries.length, 3);
  }
});

test("an interrupted trial is kept, stops the search, and says nothing about its d", async () => {
  const { ledger } = makeLedger({ runTrial: async (request) => ({ ...trialOf(request, {}), outcome: "interrupted", metric: null }) });
  await assert.rejects(ledger.run(at(100), 0), (error) => error instanceof SearchStopped && error.reason === "interrupted");
  assert.equal(ledger.entries.length, 1);
  assert.deepEqual(ledger.walk(100, 1), []);
});

test("an error is an interruption only when the search was interrupted", async () => {
  const failing = async () => { throw new Error("broken"); };
  await assert.rejects(makeLedger({ runTrial: failing }).ledger.run(at(100), 0), /broken/);
  const controller = new AbortController();
  const { ledger } = makeLedger({ signal: controller.signal, runTrial: async () => { controller.abort(); return failing(); } });
  await assert.rejects(ledger.run(at(100), 0), SearchStopped);
});
