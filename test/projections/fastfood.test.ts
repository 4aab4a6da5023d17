import assert from "node:assert/strict";
import { test } from "node:test";
import { fastfoodProjection } from "../../lib/projections/fastfood.js";
import { fillGaussians, splitSeed } from "../../lib/support/random.js";
import { eigenvalues, gramOf } from "./matrices.js";

test("square Fastfood has the singular values |G_k| sqrt(L) / ||G||", () => {
  const L = 16, seed = 3;
  const P = fastfoodProjection({ ambientDimension: L, intrinsicDimension: L, seed });
  const G = fillGaussians(new Float32Array(L), splitSeed(seed, "fastfood:G"));
  const squares = G.map((g) => g * g), sum = squares.reduce((total, square) => total + square, 0);
  const expected = Array.from(squares, (square) => square * L / sum).sort((x, y) => y - x);
  eigenvalues(gramOf(P)).forEach((value, k) => assert.ok(Math.abs(value - expected[k]!) < 1e-5, `${k}: ${value}, ${expected[k]}`));
});
