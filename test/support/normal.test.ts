import assert from "node:assert/strict";
import { test } from "node:test";
import { logarithm, normalQuantile } from "../../lib/support/normal.js";

test("the logarithm agrees with Math.log to its last places", () => {
  for (const x of [1e-300, 1e-12, 0.075, 0.5, Math.SQRT1_2, 0.999999, 1, 1.000001, Math.SQRT2, 2, 10, 1e12, 1e300]) {
    const expected = Math.log(x);
    assert.ok(Math.abs(logarithm(x) - expected) <= 1e-15 * Math.abs(expected), `log ${x}: ${logarithm(x)}, ${expected}`);
  }
});

/** Quantiles to 16 digits, checked with mpmath at 30 digits. */
const QUANTILES = [
  [0.5, 0], [0.25, -0.6744897501960817], [0.001, -3.090232306167814], [0.975, 1.959963984540054],
  [0.8413447460685429, 1], [1e-10, -6.361340902404056], [0.075, -1.4395314709384563],
] as const;

test("the normal quantile agrees with published values to 1e-14", () => {
  for (const [p, expected] of QUANTILES) {
    assert.ok(Math.abs(normalQuantile(p) - expected) <= 1e-14 * Math.max(1, Math.abs(expected)), `p ${p}: ${normalQuantile(p)}`);
  }
});

test("the normal quantile is odd about one half and rises through the change of its formulas", () => {
  for (const p of [0.01, 0.07, 0.0749999, 0.0750001, 0.3]) assert.ok(Math.abs(normalQuantile(p) + normalQuantile(1 - p)) < 1e-12);
  let last = -Infinity;
  for (let p = 0.07; p < 0.08; p += 1e-5) {
    assert.ok(normalQuantile(p) > last);
    last = normalQuantile(p);
  }
});
