import assert from "node:assert/strict";
import test from "node:test";
import { dequantise, fitCodebook, quantise, squaredError, uniformCodebook } from "../../../lib/bounds/codec/index.js";
import { gaussians } from "../../../lib/support/random.js";

const z = gaussians(20_000, 6);
const distortion = (quantiser: "uniform" | "codebook", levels: number): number =>
  squaredError(z, fitCodebook(z, { quantiser, levels })) / squaredError(z, { quantiser: "uniform", values: new Float32Array(1) });

// Max 1960, "Quantizing for minimum distortion", tables I and II: Gaussian, optimal and optimal uniform.
const published = [[4, 0.1175, 0.1188], [8, 0.03454, 0.03744], [16, 0.009497, 0.01154]] as const;

for (const [levels, optimal, uniform] of published) {
  test(`${levels} levels of a Gaussian lose what Max 1960 tabulates`, () => {
    assert.ok(Math.abs(distortion("codebook", levels) / optimal - 1) < 0.05, `codebook ${distortion("codebook", levels)}`);
    assert.ok(Math.abs(distortion("uniform", levels) / uniform - 1) < 0.05, `uniform ${distortion("uniform", levels)}`);
  });
}

test("each number goes to its nearest level, and a second time changes nothing", () => {
  for (const quantiser of ["uniform", "codebook"] as const) {
    const codebook = fitCodebook(z, { quantiser, levels: 7 }), once = dequantise(quantise(z, codebook));
    z.forEach((value, i) => {
      const least = Math.min(...Array.from(codebook.values, (level) => Math.abs(level - value)));
      assert.equal(Math.abs(once[i] - value), least);
    });
    assert.deepEqual(dequantise(quantise(once, codebook)), once);
  }
});

test("levels of the uniform quantiser lie around 0, a bfloat16 step apart", () => {
  assert.deepEqual(Array.from(uniformCodebook(0.5, 4).values), [-0.75, -0.25, 0.25, 0.75]);
  assert.deepEqual(Array.from(uniformCodebook(2, 3).values), [-2, 0, 2]);
});

test("numbers that are not finite, and too many levels, are refused", () => {
  assert.throws(() => fitCodebook(Float32Array.from([1, NaN]), { quantiser: "uniform", levels: 4 }), /values must be finite, got NaN at 1/);
  assert.throws(() => fitCodebook(z, { quantiser: "codebook", levels: 257 }), /levels must be an integer in \[2, 256\], got 257/);
});
