import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { hadamardRows, sumRows } from "../../lib/projections/hadamard-tensors.js";
import { hadamard } from "../../lib/projections/hadamard.js";
import { gaussians } from "../../lib/support/random.js";

await startEngine();

test("the transform of rows is that of the host, for one factor, two, three and four", () => {
  for (const n of [1, 2, 8, 64, 128, 2048, 8192, 2 ** 19]) {
    const x = gaussians(3 * n, 1), H = hadamardRows(n);
    const result = tf.tidy(() => H.of(tf.tensor2d(x, [3, n])).dataSync());
    for (let start = 0; start < 3 * n; start += n) hadamard(x, start, n);
    const largest = x.reduce((most, value, i) => Math.max(most, Math.abs(value - result[i]!)), 0);
    assert.ok(largest <= 2e-6 * Math.sqrt(n), `${n}: ${largest}`);
    H.dispose();
  }
});

test("the transform of whole numbers is exact, and twice it is n times the row", () => {
  const n = 4096, x = Float32Array.from({ length: 2 * n }, (_unused, i) => (i * 7919) % 31 - 15), H = hadamardRows(n);
  const twice = tf.tidy(() => H.of(H.of(tf.tensor2d(x, [2, n]))).dataSync());
  assert.deepEqual(Float32Array.from(twice), x.map((value) => value * n));
  H.dispose();
});

test("rows are summed whatever their number is", () => {
  for (let m = 1; m <= 20; m++) {
    const x = Float32Array.from({ length: m * 5 }, (_, i) => i * i % 17);
    const expected = [0, 1, 2, 3, 4].map((column) => x.reduce((sum, value, i) => i % 5 === column ? sum + value : sum, 0));
    assert.deepEqual([...tf.tidy(() => sumRows(tf.tensor2d(x, [m, 5])).dataSync())], expected, `${m} rows`);
  }
});
