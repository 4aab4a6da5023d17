/** With P square and orthogonal, training z is full training in other axes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProjection, type ProjectionName } from "../../lib/projections/index.js";
import { subspace } from "../../lib/subspace.js";
import { gaussians } from "../../lib/support/random.js";

const D = 64;
const theta0 = gaussians(D, 1), matrix = gaussians(D * D, 2), target = gaussians(D, 3);

/** A loss that is not quadratic: sum of log cosh of the residuals of a random linear map; its gradient. */
function gradientAt(theta: Float32Array): Float32Array {
  const gradient = new Float64Array(D);
  for (let row = 0; row < D; row++) {
    let residual = -target[row]!;
    for (let i = 0; i < D; i++) residual += matrix[row * D + i]! * theta[i]! / 8;
    for (let i = 0; i < D; i++) gradient[i]! += Math.tanh(residual) * matrix[row * D + i]! / 8;
  }
  return Float32Array.from(gradient);
}

/** Moments of Adam with its usual constants. */
function adamStep(moments: { m: number[]; v: number[]; t: number }, gradient: Float32Array): Float32Array {
  moments.t++;
  return gradient.map((g, i) => {
    const m = moments.m[i] = 0.9 * (moments.m[i] ?? 0) + 0.1 * g, v = moments.v[i] = 0.999 * (moments.v[i] ?? 0) + 0.001 * g * g;
    return 0.05 * (m / (1 - 0.9 ** moments.t)) / (Math.sqrt(v / (1 - 0.999 ** moments.t)) + 1e-8);
  });
}

const sgdStep = (_moments: unknown, gradient: Float32Array): Float32Array => gradient.map((g) => 0.1 * g);

/** The largest distance between a weight of full training and of training in the subspace, over 100 updates. */
function distance(name: ProjectionName, step: typeof adamStep): number {
  const space = subspace({ theta0, projection: makeProjection({ name, ambientDimension: D, intrinsicDimension: D, seed: 4 }) });
  const full = { m: [], v: [], t: 0 }, own = { m: [], v: [], t: 0 };
  let theta = theta0.slice(), z = new Float32Array(D), farthest = 0;
  for (let update = 0; update < 100; update++) {
    const move = step(full, gradientAt(theta)), turn = step(own, space.gradient(gradientAt(space.at(z))));
    theta = theta.map((value, i) => value - move[i]!);
    z = z.map((value, i) => value - turn[i]!);
    const other = space.at(z);
    theta.forEach((value, i) => { farthest = Math.max(farthest, Math.abs(value - other[i]!)); });
  }
  return farthest;
}

for (const name of ["srht", "srht-blocked", "one-hot"] as const) {
  test(`${name}: SGD with an orthogonal square P follows full training`, () => {
    assert.ok(distance(name, sgdStep) < 1e-4, String(distance(name, sgdStep)));
  });
}

test("Adam does not: it is not invariant to rotations", () => {
  assert.ok(distance("srht", adamStep) > 0.01);
});
