import assert from "node:assert/strict";
import { test } from "node:test";
import { scheduleFactor } from "../../lib/training/schedule.js";

const factors = (steps: number, warmupShare?: number) => Array.from({ length: steps }, (_unused, step) => scheduleFactor(step, { steps, warmupShare }));

test("the rate rises over the warm-up, peaks once and falls linearly to a last update above zero", () => {
  const all = factors(100, 0.1);
  assert.deepEqual(all.slice(0, 3).map((value) => value.toFixed(4)), ["0.0909", "0.1818", "0.2727"]);
  assert.equal(Math.max(...all), 1);
  assert.equal(all.indexOf(1), 10);
  assert.ok(Math.abs(all[99] - 1 / 90) < 1e-12);
  assert.ok(all.every((value) => value > 0 && value <= 1));
});

test("without warm-up the first update has the full rate", () => assert.equal(factors(5, 0)[0], 1));

test("runs of one and two updates have rates above zero", () => {
  assert.deepEqual(factors(1), [0.5]);
  assert.ok(factors(2).every((value) => value > 0));
});
