import assert from "node:assert/strict";
import { test } from "node:test";
import { srhtProjection } from "../../lib/projections/srht.js";
import { distanceFromOrthonormal, eigenvalues, gramOf } from "./matrices.js";

test("P^T P = I exactly where D is a power of two, the square case included", () => {
  for (const [D, d] of [[64, 5], [64, 64], [1024, 20]] as const) {
    assert.ok(distanceFromOrthonormal(srhtProjection({ ambientDimension: D, intrinsicDimension: d, seed: 1 })) < 1e-6);
  }
});

test("the columns are well conditioned where D is no power of two", () => {
  const values = eigenvalues(gramOf(srhtProjection({ ambientDimension: 20_000, intrinsicDimension: 40, seed: 1 })));
  assert.ok(values[0]! < 1.3 && values.at(-1)! > 0.7, `${values[0]}, ${values.at(-1)}`);
});
