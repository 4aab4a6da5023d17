import assert from "node:assert/strict";
import { test } from "node:test";
import { searchOptionsSchema } from "../../lib/records/record.js";
import { type FindOptions, optionsRecord, resolveOptions } from "../../lib/search/options.js";

const base: FindOptions = { ambientDimension: 22_713_986, majority: 0.684 };

test("options that make no sense are errors that name them", () => {
  const refuse = (options: Partial<FindOptions>, message: RegExp) =>
    assert.throws(() => resolveOptions({ ...base, ...options }), (error: Error) => error instanceof RangeError && message.test(error.message));
  refuse({ majority: 1.2 }, /findD90: majority must be a number in \[0, 1\], got 1.2/);
  refuse({ seeds: [] }, /seeds must be different integers of at least 0, at least one, got \[\]/);
  refuse({ seeds: [1, 1] }, /seeds must be different/);
  refuse({ fullRates: [0] }, /fullRates must be different positive numbers/);
  refuse({ lowest: 5000, highest: 100 }, /highest must be an integer in \[5000, 22713986\], got 100/);
  refuse({ ratesPerD: 0 }, /ratesPerD must be an integer of at least 1, got 0/);
  refuse({ ambientDimension: 1.5 }, /ambientDimension must be an integer/);
  refuse({ maxTrials: -1 }, /maxTrials must be an integer of at least 1, got -1/);
  refuse({ maxSeconds: NaN }, /maxSeconds must be a number/);
});

test("the defaults are the paper's grid and share", () => {
  const { grid, share, seeds, fullSeeds, maxTrials } = resolveOptions(base);
  assert.deepEqual([grid.length, grid[0], grid.at(-1), share], [64, 100, 1_000_000, 0.9]);
  assert.deepEqual([seeds, fullSeeds, maxTrials], [[1], [1], null]);
});

test("a model smaller than the grid is searched up to its own size", () => {
  const { highest, grid } = resolveOptions({ ...base, ambientDimension: 5000 });
  assert.equal(highest, 5000);
  assert.equal(grid.at(-1), 4475);
});

test("what a record keeps of the options is what its schema asks for, and gives the same options again", () => {
  const record = optionsRecord({ ...base, seeds: [3, 4], fullRates: [1e-4, 2e-4], maxTrials: 9 });
  assert.deepEqual(searchOptionsSchema.parse(record), record);
  assert.deepEqual(optionsRecord({ ...base, ...record }), record);
});
