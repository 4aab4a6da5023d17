import assert from "node:assert/strict";
import { test } from "node:test";
import { compareRecords } from "../../lib/records/compare.js";
import { sampleSearch, sampleTrial } from "./samples.js";

test("only settings that differ are shown, by their dotted path", () => {
  const a = sampleTrial();
  const b = sampleTrial({ learningRate: 0.3, seeds: { ...a.configuration.seeds, projection: 99 } });
  assert.deepEqual(compareRecords(a, b).configuration, [
    { path: "learningRate", a: 0.151, b: 0.3 },
    { path: "seeds.projection", a: 11, b: 99 },
  ]);
});

test("results are shown whether they differ or not", () => {
  const { configuration, results } = compareRecords(sampleTrial(), sampleTrial());
  assert.deepEqual(configuration, []);
  assert.deepEqual(results.find(({ path }) => path === "accuracy"), { path: "accuracy", a: 0.75, b: 0.75 });
});

test("lists are compared as one value", () => {
  const { search } = sampleSearch().configuration;
  const { configuration } = compareRecords(sampleSearch(), sampleSearch({ search: { ...search, seeds: [1, 2] } }));
  assert.deepEqual(configuration, [{ path: "search.seeds", a: [1], b: [1, 2] }]);
});

test("a trial and a search can be compared: what one lacks is undefined", () => {
  const { configuration, results } = compareRecords(sampleTrial(), sampleSearch());
  assert.deepEqual(configuration.find(({ path }) => path === "d"), { path: "d", a: 1000, b: undefined });
  const path = "chanceCorrectedD90.outcome";
  assert.deepEqual(results.find((one) => one.path === path), { path, a: undefined, b: "open" });
});
