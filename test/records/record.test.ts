import assert from "node:assert/strict";
import { test } from "node:test";
import { findSummary, idOf, parseRecord, RecordError, summaryOf, thinned } from "../../lib/records/record.js";
import { randomIndices } from "../../lib/support/random.js";
import { interrupted, sampleSearch, sampleTrial } from "./samples.js";

/** They name folders that exist: a change to them loses every run. */
const GOLDEN_IDS = ["e341f19ad6f9", "f927ff480d53"];

const throughJson = (record: unknown): unknown => JSON.parse(JSON.stringify(record));

test("records survive JSON unchanged", () => {
  for (const record of [sampleTrial(), interrupted(sampleTrial()), sampleSearch()]) assert.deepEqual(parseRecord(throughJson(record)), record);
});

test("the id is the hash of what decides a run, not of names, paths, times or the machine", () => {
  const trial = sampleTrial(), { configuration } = trial;
  assert.match(trial.id, /^[0-9a-f]{12}$/);
  const renamed = {
    ...configuration, preset: null, changed: ["epochs"],
    model: { ...configuration.model, id: "/models/here" }, task: { ...configuration.task, dataSource: "GLUE MRPC (folder)" },
  };
  assert.equal(idOf(renamed), trial.id);
  assert.equal(idOf({ ...configuration, learningRate: 0.152 }) === trial.id, false);
  assert.equal(idOf({ ...configuration, seeds: { ...configuration.seeds, projection: 99 } }) === trial.id, false);
  assert.equal(idOf({ ...configuration, model: { ...configuration.model, sha256: "c".repeat(64) } }) === trial.id, false);
});

test("the order of keys does not matter to the id", () => {
  const { configuration } = sampleTrial();
  assert.equal(idOf(Object.fromEntries(Object.entries(configuration).reverse()) as typeof configuration), idOf(configuration));
});

test("ids are the same on every machine and in every version", () => {
  assert.deepEqual([sampleTrial().id, sampleSearch().id], GOLDEN_IDS);
});

test("an unknown version is named before anything else is looked at", () => {
  const error = (value: unknown): RecordError => {
    try {
      parseRecord(value, "runs/x/record.json");
    } catch (thrown) {
      assert.ok(thrown instanceof RecordError);
      return thrown;
    }
    return assert.fail("must throw");
  };
  const newer = error({ record: "trial", version: 2, anything: true });
  assert.match(newer.message, /^runs\/x\/record.json: version must be 1, got 2. A newer d90 wrote this record/);
  assert.equal(newer.unknownVersion, true);
  assert.equal(error({ record: "trial" }).unknownVersion, false);
});

test("what is no record is refused, the field named", () => {
  const trial = sampleTrial(), refuse = (value: unknown, message: RegExp) =>
    assert.throws(() => parseRecord(value), (error: Error) => error instanceof RecordError && message.test(error.message));
  for (const value of [null, 3, "text", [], {}, { record: "sweep", version: 1 }]) refuse(value, /not a record of d90/);
  refuse({ ...trial, seconds: -1 }, /seconds: /);
  refuse({ ...trial, surprise: 1 }, /surprise/);
  refuse({ ...trial, configuration: { ...trial.configuration, learningRate: "0.1" } }, /configuration.learningRate: /);
  refuse({ ...trial, configuration: { ...trial.configuration, d: null } }, /configuration.d: must be a number exactly for kind subspace/);
  refuse({ ...trial, outcome: "diverged" }, /final: must be present exactly when the outcome is completed/);
  refuse({ ...trial, startedAt: "yesterday" }, /startedAt: /);
  refuse({ ...trial, final: { ...trial.final, accuracy: NaN } }, /final.accuracy: /);
});

test("a record that was changed by hand no longer fits its id", () => {
  const trial = sampleTrial();
  const changed = { ...trial, configuration: { ...trial.configuration, learningRate: 0.2 } };
  assert.throws(() => parseRecord(changed), /id must be [0-9a-f]{12}, the hash of the configuration/);
});

test("random damage to a record is an error that says where, never anything else", () => {
  const text = JSON.stringify(sampleSearch());
  const index = randomIndices(5, "damage");
  for (let round = 0; round < 2000; round++) {
    const at = index(text.length), cut = 1 + index(8);
    const damaged = text.slice(0, at) + (round % 2 === 0 ? "" : String.fromCharCode(32 + index(95))) + text.slice(at + cut);
    let value: unknown;
    try {
      value = JSON.parse(damaged);
    } catch {
      continue;
    }
    try {
      parseRecord(value, "here");
    } catch (error) {
      assert.ok(error instanceof RecordError && error.message.startsWith("here: "), String(error));
    }
  }
});

test("a trial's summary is what a search keeps of it", () => {
  const trial = sampleTrial();
  assert.deepEqual(summaryOf(trial), {
    id: trial.id, kind: "subspace", d: 1000, learningRate: 0.151, seed: 1, outcome: "completed", metric: 0.75, seconds: 210.5,
  });
  assert.equal(summaryOf(interrupted(trial)).metric, null);
});

test("a thinned curve keeps its ends and its order", () => {
  const points = Array.from({ length: 1000 }, (_, step) => ({ step, loss: step }));
  const short = thinned(points, 50);
  assert.deepEqual([short.length, short[0]!.step, short.at(-1)!.step], [50, 0, 999]);
  assert.ok(short.every(({ step }, i) => i === 0 || step > short[i - 1]!.step));
  assert.deepEqual(thinned(points.slice(0, 3), 50), points.slice(0, 3));
});

test("what find prints has every key that its readers rely on", () => {
  const record = sampleSearch(), summary = findSummary(record);
  for (const key of ["d90", "lower", "upper", "outcome", "metric", "threshold", "full", "majority", "chanceCorrectedD90", "trials", "task", "dataSource",
    "model", "method", "preset", "changed", "seeds"]) assert.ok(key in summary, key);
  assert.equal(summary.trials.length, 3);
  assert.equal(summary.chanceCorrectedD90, null);
  assert.deepEqual(summary.chanceCorrected, record.result.chanceCorrectedD90);
});
