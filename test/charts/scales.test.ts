import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCount, formatRate, formatRound, formatSeconds, formatShare, logTicks, spread, wrapped } from "../../lib/charts/scales.js";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");

test("numbers are written as people read them", () => {
  assert.equal(formatCount(22713986), "22,713,986");
  assert.equal(plain(formatShare(0.81127)), "81.1 %");
  assert.equal(plain(formatRound(0.9)), "90 %");
  assert.equal(plain(formatRound(0.955)), "95.5 %");
  assert.equal(formatRate(0.0001), "1e-4");
  assert.equal(formatRate(0.1), "0.1");
  assert.equal(formatRate(0.30000000000000004), "0.3");
  assert.equal(plain(formatSeconds(3.21)), "3.2 s");
  assert.equal(plain(formatSeconds(75)), "1 min 15 s");
  assert.equal(plain(formatSeconds(3 * 3600 + 59)), "3 h 0 min");
});

test("a logarithmic axis has 1, 2, 5 where they fit and fewer where not", () => {
  assert.deepEqual(logTicks(90, 1100), [100, 200, 500, 1000]);
  assert.deepEqual(logTicks(74, 1.35e6), [100, 300, 1000, 3000, 10000, 30000, 100000, 300000, 1000000]);
  assert.deepEqual(logTicks(240, 900), [300, 400, 500, 700]);
  assert.deepEqual(logTicks(1, 1e9), [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]);
});

test("labels move apart as little as may be and keep their order", () => {
  assert.deepEqual(spread([0, 100], 15), [0, 100]);
  assert.deepEqual(spread([10, 10], 15), [2.5, 17.5]);
  assert.deepEqual(spread([20, 10, 12], 10), [24, 4, 14]);
  const placed = spread([0, 1, 2, 40, 41, 200], 15);
  placed.slice(1).forEach((place, index) => assert.ok(place - placed[index]! >= 15 - 1e-9));
});

test("long text is broken at spaces, and within words only where there are none", () => {
  assert.deepEqual(wrapped("one two three", 8), ["one two", "three"]);
  assert.deepEqual(wrapped("one two three four", 16), ["one two", "three four"]);
  assert.deepEqual(wrapped("one two · three four five", 20), ["one two", "three four five"]);
  assert.deepEqual(wrapped("abcdefghij", 4), ["abcd", "efgh", "ij"]);
  assert.deepEqual(wrapped("", 4), [""]);
});
