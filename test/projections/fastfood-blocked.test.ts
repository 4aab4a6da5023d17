import assert from "node:assert/strict";
import { test } from "node:test";
import { fastfoodBlockedProjection } from "../../lib/projections/fastfood-blocked.js";
import { gaussians } from "../../lib/support/random.js";

test("blocks have randomness of their own: the same z gives each of them other weights", () => {
  const P = fastfoodBlockedProjection({ ambientDimension: 64, intrinsicDimension: 16, seed: 1 });
  const theta = P.apply(gaussians(16, 1));
  const blocks = [0, 16, 32, 48].map((start) => theta.slice(start, start + 16).map(Math.abs).sort().join(" "));
  assert.equal(new Set(blocks).size, 4);
});

test("the first blocks do not depend on how many follow, up to the scale 1 / sqrt(D)", () => {
  const z = gaussians(10, 1);
  const [small, large] = [100, 400].map((ambientDimension) =>
    fastfoodBlockedProjection({ ambientDimension, intrinsicDimension: 10, seed: 1 }).apply(z));
  for (let i = 0; i < 96; i++) assert.ok(Math.abs(small![i]! - 2 * large![i]!) < 1e-6);
});
