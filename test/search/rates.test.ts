import assert from "node:assert/strict";
import { test } from "node:test";
import { bestRate, nextRung, rateAt, RUNG, type TriedRate } from "../../lib/search/rates.js";

const rule = { fullRate: 1e-4, rateMultiplier: 10, ambientDimension: 22_713_986 };

/** Walks over a curve of metrics by rung. */
function walk(metricOf: (rung: number) => number | null, start: number, limit: number): TriedRate[] {
  const tried: TriedRate[] = [];
  for (;;) {
    const rung = nextRung(tried, start, limit);
    if (rung === null) return tried;
    tried.push({ rung, metric: metricOf(rung) });
  }
}

test("rates grow with the square root of D/d", () => {
  assert.equal(rateAt({ ...rule, rateMultiplier: 1 }, rule.ambientDimension, 0), 1e-4);
  assert.ok(Math.abs(rateAt(rule, 400, 0) / rateAt(rule, 40_000, 0) - 10) < 0.05);
  assert.ok(Math.abs(rateAt(rule, 400, 1) / rateAt(rule, 400, 0) - RUNG) < 0.02);
});

test("the rule lies among the rates that trained the default model on MRPC, not at the one that did not", () => {
  const at1000 = rateAt(rule, 1000, 0), at5000 = rateAt(rule, 5000, 0);
  assert.ok(at1000 >= 0.1 && at1000 <= 0.3, `${at1000}`);
  assert.ok(at5000 >= 0.03 && at5000 <= 0.1, `${at5000}`);
});

test("rates are rounded to three digits, so that a record prints what was used", () => {
  assert.equal(rateAt(rule, 1000, 0), 0.151);
});

test("the walk finds the peak of every single-peaked curve that its limit lets it reach", () => {
  for (let peak = -5; peak <= 5; peak++) {
    const tried = walk((rung) => 1 - 0.1 * Math.abs(rung - peak), 0, 20);
    assert.equal(bestRate(tried)!.rung, peak);
    assert.ok(tried.length <= Math.abs(peak) + 3, `${tried.length} rates for a peak at ${peak}`);
  }
});

test("the walk stops at its limit and never tries a rate twice", () => {
  for (const limit of [1, 2, 3, 4]) {
    const tried = walk((rung) => rung, 0, limit);
    assert.equal(tried.length, limit);
    assert.equal(new Set(tried.map(({ rung }) => rung)).size, limit);
  }
});

test("on a plateau the walk widens on both sides, upwards first", () => {
  assert.deepEqual(walk(() => 0.684, 0, 5).map(({ rung }) => rung), [0, 1, -1, 2, -2]);
});

test("a rate that diverged is an upper limit", () => {
  const diverging = (rung: number) => (rung >= 0 ? null : 1 - 0.1 * Math.abs(rung + 3));
  const rungs = walk(diverging, 0, 10).map(({ rung }) => rung);
  assert.deepEqual(rungs, [0, -1, -2, -3, -4]);
  assert.deepEqual(walk(() => null, 2, 3).map(({ rung }) => rung), [2, 1, 0]);
});

test("the best of no rates is none, of equal ones the first", () => {
  assert.equal(bestRate([]), undefined);
  assert.equal(bestRate([{ rung: 2, metric: 0.7 }, { rung: 1, metric: 0.7 }, { rung: 0, metric: null }])!.rung, 2);
});
