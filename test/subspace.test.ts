import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProjection } from "../lib/projections/index.js";
import { subspace } from "../lib/subspace.js";
import { gaussians } from "../lib/support/random.js";

const projection = makeProjection({ ambientDimension: 50, intrinsicDimension: 5, seed: 1 });
const theta0 = gaussians(50, 2);

test("z = 0 is theta0, and a move of z is P z away from it", () => {
  const space = subspace({ theta0, projection });
  assert.deepEqual(space.at(new Float32Array(5)), theta0);
  const z = gaussians(5, 3), moved = projection.apply(z);
  assert.deepEqual(space.at(z), theta0.map((value, i) => value + moved[i]!));
  assert.deepEqual(theta0, gaussians(50, 2));
});

test("the gradient of z is the slope of the loss along z", () => {
  const space = subspace({ theta0, projection }), z = gaussians(5, 3);
  const loss = (z: Float32Array): number => space.at(z).reduce((sum, value, i) => sum + (value - i / 50) ** 2 / 2, 0);
  const slope = space.gradient(space.at(z).map((value, i) => value - i / 50));
  for (let j = 0; j < 5; j++) {
    const [up, down] = [0.01, -0.01].map((step) => loss(z.map((value, k) => value + (k === j ? step : 0))));
    assert.ok(Math.abs((up! - down!) / 0.02 - slope[j]!) < 1e-3);
  }
});

test("a theta0 of another length is an error that names both", () => {
  assert.throws(() => subspace({ theta0: new Float32Array(3), projection }), /subspace: theta0 must have length 50, got 3/);
});
