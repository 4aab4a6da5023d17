import assert from "node:assert/strict";
import { test } from "node:test";
import { symmetricEigen } from "../../lib/support/eigen.js";
import { gaussians } from "../../lib/support/random.js";

test("values and vectors rebuild the matrix, the vectors are orthonormal, the largest value comes first", () => {
  const n = 12, x = gaussians(n * n, 3);
  const matrix = Array.from({ length: n }, (_row, i) => Array.from({ length: n }, (_, j) => x[i * n + j]! + x[j * n + i]!));
  const { values, vectors } = symmetricEigen(matrix);
  assert.deepEqual(values, [...values].sort((a, b) => b - a));
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
    const rebuilt = values.reduce((sum, value, k) => sum + value * vectors[k]![i]! * vectors[k]![j]!, 0);
    assert.ok(Math.abs(rebuilt - matrix[i]![j]!) < 1e-12);
    const product = vectors[i]!.reduce((sum, value, k) => sum + value * vectors[j]![k]!, 0);
    assert.ok(Math.abs(product - (i === j ? 1 : 0)) < 1e-12);
  }
});

test("what is known: a diagonal, and the second difference's 2 - 2 cos(k pi / (n + 1))", () => {
  assert.deepEqual(symmetricEigen([[1, 0], [0, 3]]), { values: [3, 1], vectors: [[0, 1], [1, 0]] });
  const n = 9, { values } = symmetricEigen(Array.from({ length: n }, (_r, i) => Array.from({ length: n }, (_c, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0))));
  values.forEach((value, k) => assert.ok(Math.abs(value - (2 - 2 * Math.cos(((n - k) * Math.PI) / (n + 1)))) < 1e-12));
  assert.deepEqual(symmetricEigen([]), { values: [], vectors: [] });
});
