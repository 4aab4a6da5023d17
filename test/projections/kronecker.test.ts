import assert from "node:assert/strict";
import { test } from "node:test";
import { kroneckerProjection } from "../../lib/projections/kronecker.js";
import { fillGaussians, splitSeed } from "../../lib/support/random.js";
import { columnsOf } from "./matrices.js";

test("P is the Kronecker product of its factors over sqrt(D), cut to D rows and d columns", () => {
  const D = 23, d = 7, [a, b, p, q] = [5, 5, 3, 3], seed = 2;
  const factor = (name: string, size: number): Float32Array => fillGaussians(new Float32Array(size), splitSeed(seed, `kronecker:${name}`));
  const A = factor("A", a * p), B = factor("B", b * q);
  columnsOf(kroneckerProjection({ ambientDimension: D, intrinsicDimension: d, seed })).forEach((column, k) => {
    column.forEach((value, i) => {
      const expected = A[Math.floor(i / b) * p + Math.floor(k / q)]! * B[(i % b) * q + k % q]! / Math.sqrt(D);
      assert.ok(Math.abs(value - expected) < 1e-6);
    });
  });
});
