import assert from "node:assert/strict";
import { test } from "node:test";
import { hadamard, powerOfTwo } from "../../lib/projections/hadamard.js";
import { gaussians } from "../../lib/support/random.js";

const bits = (n: number): number => n.toString(2).replaceAll("0", "").length;

test("the transform multiplies by (-1)^popcount(i & j)", () => {
  for (const n of [1, 2, 4, 32]) {
    const x = Float32Array.from({ length: n }, (_, i) => i * i - 3 * i + 1), y = x.slice();
    hadamard(y);
    for (let i = 0; i < n; i++) assert.equal(y[i], x.reduce((sum, value, j) => sum + (bits(i & j) % 2 ? -value : value), 0));
  }
});

test("applied twice it multiplies by n, beyond the cache's size too, and leaves the rest alone", () => {
  for (const n of [8, 4096, 16_384]) {
    const x = gaussians(n + 2, 1), y = x.slice();
    hadamard(y, 1, n);
    hadamard(y, 1, n);
    for (let i = 1; i <= n; i++) assert.ok(Math.abs(y[i]! / n - x[i]!) < 1e-5);
    assert.deepEqual([y[0], y[n + 1]], [x[0], x[n + 1]]);
  }
});

test("a size is rounded up to a power of two", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 1023, 1024, 1025, 2 ** 25 + 1].map(powerOfTwo), [1, 2, 4, 4, 8, 1024, 1024, 2048, 2 ** 26]);
});
