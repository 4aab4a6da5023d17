import assert from "node:assert/strict";
import { test } from "node:test";
import { gridBetween, gridValue, nearestPosition } from "../../lib/search/grid.js";

test("the grid holds the d90 of the paper's Table 1, RoBERTa-Base's 1000 aside", () => {
  const grid = gridBetween(100, 1_000_000);
  for (const d of [207, 322, 774, 896, 1037, 1200, 1389, 1608, 1861, 2493, 8030, 9295]) assert.ok(grid.includes(d), `${d}`);
  assert.equal(gridValue(5), 207);
  assert.equal(gridValue(31), 9295);
});

test("the grid runs from 100 to a million in 64 values, and whole powers of ten are exact", () => {
  const grid = gridBetween(100, 1_000_000);
  assert.equal(grid.length, 64);
  assert.deepEqual([grid[0], grid.at(-1)], [100, 1_000_000]);
  assert.equal(gridValue(126), 10_000_000_000);
});

test("neighbours are a factor 1.157 apart", () => {
  const grid = gridBetween(1000, 20_000_000);
  for (let i = 1; i < grid.length; i++) assert.ok(Math.abs(grid[i]! / grid[i - 1]! - 10 ** (4 / 63)) < 2e-3);
});

test("below 100 the grid goes on without repeats, whatever the bounds", () => {
  assert.deepEqual(gridBetween(1, 20), [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 17, 20]);
  for (let lowest = 1; lowest < 400; lowest += 7) {
    const grid = gridBetween(lowest, 5000);
    assert.ok(grid[0]! >= lowest && grid.at(-1)! <= 5000);
    assert.ok(grid.every((d, i) => i === 0 || d > grid[i - 1]!));
    assert.deepEqual(grid, gridBetween(1, 5000).filter((d) => d >= lowest));
  }
});

test("bounds without a value, and bounds that make no sense, are errors", () => {
  assert.throws(() => gridBetween(101, 110), /no value of the grid lies in \[101, 110\]/);
  assert.throws(() => gridBetween(0, 10), /lowest must be an integer of at least 1, got 0/);
  assert.throws(() => gridBetween(20, 10), /highest must be an integer of at least 20, got 10/);
});

test("the nearest position is nearest by ratio", () => {
  assert.equal(nearestPosition([100, 1000, 10_000], 320), 1);
  assert.equal(nearestPosition([100, 1000, 10_000], 310), 0);
  assert.equal(nearestPosition([100, 1000, 10_000], 1e9), 2);
});
