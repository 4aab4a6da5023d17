import assert from "node:assert/strict";
import { test } from "node:test";
import { halfToFloat } from "../../lib/models/half.js";

test("each of the 65,536 half-precision numbers has the float32 of its value", () => {
  const floats = new Float32Array(halfToFloat.buffer);
  for (let half = 0; half < 2 ** 16; half++) {
    const sign = half >>> 15 ? -1 : 1, exponent = (half >>> 10) & 31, mantissa = half & 1023;
    const special = mantissa === 0 ? sign * Infinity : NaN;
    const expected = exponent === 31 ? special : sign * (exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15));
    assert.ok(Object.is(floats[half], expected), `${half.toString(16)}: ${floats[half]} instead of ${expected}`);
  }
});
