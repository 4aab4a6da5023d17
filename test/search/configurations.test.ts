import assert from "node:assert/strict";
import { test } from "node:test";
import { idOf } from "../../lib/records/record.js";
import { trialConfiguration } from "../../lib/search/configurations.js";
import { presets } from "../../lib/search/settings.js";
import { configurationIn, withWorld, worldSettings } from "../training/world.js";

test("a record says which settings are not its preset's: a label, no part of what it is", () => withWorld(async (session) => {
  const plan = { method: "did" as const, d: 40, learningRate: 0.05, seed: 3 };
  const labelled = trialConfiguration(session, worldSettings({ maxTrials: 2 }), plan, "quick");
  assert.deepEqual({ preset: labelled.preset, changed: labelled.changed?.toSorted() }, { preset: "quick", changed: ["epochs", "maxLength"] });
  const { changed: _changed, ...plain } = labelled;
  assert.equal(idOf(plain), idOf(labelled));
  assert.ok(!("changed" in trialConfiguration(session, presets.quick, plan, "quick")));
}));

test("class weights are part of a trial's identity, and a trial without them has none", () => withWorld(async (session) => {
  const plain = configurationIn(session), balanced = configurationIn(session, {}, { classWeights: "balanced" });
  assert.ok(!("classWeights" in plain));
  const [no, yes] = [0, 1].map((label) => session.data.train.filter((example) => example.label === label).length);
  assert.deepEqual(balanced.classWeights, [50 / (2 * no!), 50 / (2 * yes!)]);
  assert.notEqual(idOf(balanced), idOf(plain));
  assert.equal(idOf(configurationIn(session, {}, { classWeights: balanced.classWeights })), idOf(balanced));
}));

test("class weights that do not fit the labels are refused", () => withWorld(async (session) => {
  for (const classWeights of [[1], [1, 2, 3], [1, -1], [1, NaN]]) {
    assert.throws(() => configurationIn(session, {}, { classWeights }),
      { name: "UsageError", message: /classWeights \(--class-weights\) must be "balanced" or a positive number for each of not_equivalent, equivalent, got/ });
  }
}));

test("where a file lies and how it is read is no part of a trial's identity, the rows are", () => withWorld(async (session) => {
  const plain = configurationIn(session);
  const file = { path: "a.csv", dev: null, text: "text", text2: null, label: "label", devShare: 0.2, splitSeed: 0 };
  assert.equal(idOf({ ...plain, task: { ...plain.task, file } }), idOf(plain));
  assert.notEqual(idOf({ ...plain, task: { ...plain.task, sha256: "0".repeat(64) } }), idOf(plain));
}));
