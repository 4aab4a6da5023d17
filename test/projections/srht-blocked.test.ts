import assert from "node:assert/strict";
import { test } from "node:test";
import { srhtBlockedParts, srhtBlockedProjection } from "../../lib/projections/srht-blocked.js";
import { columnsOf, distanceFromOrthonormal, eigenvalues, gramOf } from "./matrices.js";

test("P^T P = I exactly where the block's size divides D", () => {
  for (const [D, d] of [[64, 5], [64, 64], [96, 20], [4000, 30]] as const) {
    assert.ok(distanceFromOrthonormal(srhtBlockedProjection({ ambientDimension: D, intrinsicDimension: d, seed: 1 })) < 1e-6);
  }
});

test("else P^T P differs from I by the cut block alone: at most n / D", () => {
  const P = srhtBlockedProjection({ ambientDimension: 5003, intrinsicDimension: 100, seed: 1 });
  assert.ok(distanceFromOrthonormal(P) <= 128 / 5003);
});

test("P has full rank even where d = D is no power of two", () => {
  for (const D of [3, 5, 11, 13]) {
    assert.ok(eigenvalues(gramOf(srhtBlockedProjection({ ambientDimension: D, intrinsicDimension: D, seed: 1 }))).at(-1)! > 1e-3);
  }
});

test("every entry is +1 or -1 over sqrt(D)", () => {
  for (const column of columnsOf(srhtBlockedProjection({ ambientDimension: 300, intrinsicDimension: 7, seed: 1 }))) {
    for (const value of column) assert.ok(Math.abs(Math.abs(value) - 1 / Math.sqrt(300)) < 1e-7);
  }
});

test("blocks come again only after 2^18 weights, and not before 16 of them", () => {
  const period = (D: number, d: number): number => srhtBlockedParts({ ambientDimension: D, intrinsicDimension: d, seed: 1 }).period;
  assert.equal(period(22_700_000, 100), 2 ** 18);
  assert.equal(period(22_700_000, 1000), 2 ** 18);
  assert.equal(period(22_700_000, 100_000), 16 * 2 ** 17);
  assert.equal(period(5003, 100), 40 * 128);
});

test("directions of the weights that have structure are seen by d / D of their norm, as those that have none", () => {
  const D = 4096, d = 64;
  const directions: Record<string, (i: number) => number> = {
    "one weight": (i) => (i === 77 ? 1 : 0), "all weights": () => 1, "a block": (i) => (i < 64 ? 1 : 0),
    "a row of 48": (i) => (i >= 96 && i < 144 ? 1 : 0), alternating: (i) => (i % 2 ? 1 : -1), "every 64th": (i) => (i % 64 ? 0 : 1),
  };
  for (const [what, direction] of Object.entries(directions)) {
    const u = Float32Array.from({ length: D }, (_, i) => direction(i));
    const norm = u.reduce((sum, value) => sum + value * value, 0);
    let seen = 0;
    for (let seed = 0; seed < 50; seed++) {
      const back = srhtBlockedProjection({ ambientDimension: D, intrinsicDimension: d, seed }).adjoint(u);
      seen += back.reduce((sum, value) => sum + value * value, 0) / norm / 50;
    }
    assert.ok(Math.abs(seen / (d / D) - 1) < 0.25, `${what}: ${seen / (d / D)}`);
  }
});
