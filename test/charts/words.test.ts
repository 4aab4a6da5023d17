import assert from "node:assert/strict";
import { test } from "node:test";
import { classWeightsInWords, dimensionInWords, intervalInWords, presetInWords, setupInWords } from "../../lib/charts/words.js";
import { searchRecord } from "./records.js";

test("class weights are told by the names of their labels where a file gave them, and not at all where all weigh the same", () => {
  const { task } = searchRecord().configuration;
  assert.equal(classWeightsInWords({ task }), null);
  assert.equal(classWeightsInWords({ task, classWeights: [1, 2.5] }), "class weights 1, 2.5");
  assert.equal(classWeightsInWords({ task: { ...task, labelNames: ["bad", "good"] }, classWeights: [0.6666666, 2] }), "class weights bad 0.667, good 2");
  const lines = setupInWords({ ...searchRecord().configuration, classWeights: [1, 2.5] });
  assert.match(lines[1]!, / · class weights 1, 2\.5$/);
  assert.doesNotMatch(setupInWords(searchRecord().configuration).join(), /class weights/);
});

test("a dimension is told as exactly as it is known", () => {
  const of = (known: object) => dimensionInWords({ ...searchRecord().result, d90: null, lower: null, upper: null, exact: false, ...known });
  assert.equal(of({ d90: 1389, lower: 1200, upper: 1389, exact: true }), "1,389");
  assert.equal(of({ lower: 500, upper: 1389 }), "more than 500, at most 1,389");
  assert.equal(of({ upper: 10 }), "at most 10");
  assert.equal(of({ lower: 500_000 }), "more than 500,000");
  assert.equal(of({}), null);
});

test("the range over seeds says which end is outside the grid", () => {
  const of = (interval: { low: number | null; high: number | null } | null) => intervalInWords({ ...searchRecord().result, interval });
  assert.equal(of(null), null);
  assert.equal(of({ low: 1200, high: 1608 }), "seeds: 1,200 to 1,608");
  assert.equal(of({ low: null, high: 1608 }), "seeds: below the grid to 1,608");
  assert.equal(of({ low: 5, high: 5 }), "the same for every seed");
  assert.equal(of({ low: null, high: null }), "outside the grid for every seed");
});

test("a preset that was changed is called so, and what the smoke preset is for is said of its own settings", () => {
  assert.equal(presetInWords({ preset: "quick" }), "quick preset");
  assert.equal(presetInWords({ preset: "quick", changed: ["epochs"] }), "quick preset with other settings");
  assert.equal(presetInWords({ preset: null }), "no preset");
  const { configuration } = searchRecord(), smoke = { ...configuration, preset: "smoke" };
  assert.match(setupInWords(smoke).join("\n"), /· smoke preset ·[^]*says nothing about the model/);
  const changed = setupInWords({ ...smoke, changed: ["epochs", "trainRows"] }).join("\n");
  assert.match(changed, /· smoke preset with other settings ·/);
  assert.doesNotMatch(changed, /says nothing/);
});
