import assert from "node:assert/strict";
import { test } from "node:test";
import { oneHotProjection } from "../../lib/projections/one-hot.js";
import { columnsOf, distanceFromOrthonormal } from "./matrices.js";

test("P^T P = I exactly at every size", () => {
  for (const [D, d] of [[1, 1], [5, 5], [100, 33], [257, 10]] as const) {
    assert.ok(distanceFromOrthonormal(oneHotProjection({ ambientDimension: D, intrinsicDimension: d, seed: 1 })) < 1e-6);
  }
});

test("each weight follows one coordinate, and the coordinates' counts differ by at most one", () => {
  const columns = columnsOf(oneHotProjection({ ambientDimension: 257, intrinsicDimension: 10, seed: 1 }));
  for (let i = 0; i < 257; i++) assert.equal(columns.filter((column) => column[i] !== 0).length, 1);
  for (const column of columns) assert.ok([25, 26].includes(column.filter((value) => value !== 0).length));
});

test("more coordinates than 16 bits hold are kept apart", () => {
  const d = 70_000, P = oneHotProjection({ ambientDimension: d, intrinsicDimension: d, seed: 1 });
  const z = Float32Array.from({ length: d }, (_, i) => i);
  assert.deepEqual(P.apply(z).sort(), z);
  assert.deepEqual(P.adjoint(P.apply(z)), z);
});
