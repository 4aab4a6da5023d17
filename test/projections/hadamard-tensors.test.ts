import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { hadamardColumns, sumRows } from "../../lib/projections/hadamard-tensors.js";
import { hadamard } from "../../lib/projections/hadamard.js";
import { gaussians } from "../../lib/support/random.js";

await startEngine();

test("the transform of a column has the same bits as on the host", () => {
  for (const n of [1, 2, 8, 64]) {
    const x = gaussians(3 * n, 1);
    const result = tf.tidy(() => tf.transpose(hadamardColumns(tf.transpose(tf.tensor2d(x, [3, n])))).dataSync());
    for (let start = 0; start < 3 * n; start += n) hadamard(x, start, n);
    assert.deepEqual(Float32Array.from(result), x);
  }
});

test("rows are summed whatever their number is", () => {
  for (let m = 1; m <= 20; m++) {
    const x = Float32Array.from({ length: m * 5 }, (_, i) => i * i % 17);
    const expected = [0, 1, 2, 3, 4].map((column) => x.reduce((sum, value, i) => i % 5 === column ? sum + value : sum, 0));
    assert.deepEqual([...tf.tidy(() => sumRows(tf.tensor2d(x, [m, 5])).dataSync())], expected, `${m} rows`);
  }
});
