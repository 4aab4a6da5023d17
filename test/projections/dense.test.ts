import assert from "node:assert/strict";
import { test } from "node:test";
import { denseProjection } from "../../lib/projections/dense.js";
import { gaussians, splitSeed } from "../../lib/support/random.js";
import { columnsOf } from "./matrices.js";

test("the entries are the seed's Gaussians, row by row, over sqrt(D)", () => {
  const D = 7, d = 5, columns = columnsOf(denseProjection({ ambientDimension: D, intrinsicDimension: d, seed: 4 }));
  const entries = gaussians(D * d, splitSeed(4, "dense:gaussians"));
  for (let i = 0; i < D; i++) {
    for (let j = 0; j < d; j++) assert.ok(Math.abs(columns[j]![i]! - entries[i * d + j]! / Math.sqrt(D)) < 1e-7);
  }
});
