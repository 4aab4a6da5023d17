import assert from "node:assert/strict";
import { test } from "node:test";
import { sparseProjection } from "../../lib/projections/sparse.js";
import { columnsOf } from "./matrices.js";

test("each row has ceil(d / sqrt(D)) entries, in different columns", () => {
  for (const [D, d, k] of [[100, 33, 4], [100, 5, 1], [400, 400, 20]] as const) {
    const columns = columnsOf(sparseProjection({ ambientDimension: D, intrinsicDimension: d, seed: 1 }));
    for (let i = 0; i < D; i++) assert.equal(columns.filter((column) => column[i] !== 0).length, k);
  }
});

test("both signs occur in every column of some length", () => {
  for (const column of columnsOf(sparseProjection({ ambientDimension: 1000, intrinsicDimension: 20, seed: 1 }))) {
    assert.ok(column.some((value) => value > 0) && column.some((value) => value < 0));
  }
});
