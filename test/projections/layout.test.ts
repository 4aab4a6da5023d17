import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf, runsOf } from "../../lib/projections/layout.js";

const shapes = { "a.weight": [2, 3], "a.bias": [2], "b.weight": [4], scalar: [], "a.extra": [1, 5] };

test("tensors lie one after the other in the order of their names", () => {
  const { ambientDimension, places } = layoutOf(shapes);
  assert.equal(ambientDimension, 18);
  assert.deepEqual(places.map(({ name, offset, size }) => [name, offset, size]),
    [["a.weight", 0, 6], ["a.bias", 6, 2], ["b.weight", 8, 4], ["scalar", 12, 1], ["a.extra", 13, 5]]);
});

test("without groups all of theta is one run; with groups a run ends where the group changes", () => {
  assert.deepEqual(runsOf(layoutOf(shapes).places).map(({ offset, size }) => [offset, size]), [[0, 18]]);
  const { groups, places } = layoutOf(shapes, (name) => name[0]!);
  assert.deepEqual(groups, ["a", "b", "s"]);
  assert.deepEqual(runsOf(places).map(({ group, offset, size }) => [group, offset, size]), [[0, 0, 8], [1, 8, 4], [2, 12, 1], [0, 13, 5]]);
});
