/** Loss ||theta - target||^2 / 2, the target in a random direction: a random subspace of d of D directions takes d / D of it away. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProjection, projectionNames } from "../../lib/projections/index.js";
import { subspace } from "../../lib/subspace.js";
import { gaussians } from "../../lib/support/random.js";
import { columnsOf } from "../projections/matrices.js";
import { remainingShare } from "./leastSquares.js";

const D = 96;

for (const name of projectionNames) {
  test(`${name}: on an isotropic quadratic the best loss is 1 - d/D of the initial one, on average`, () => {
    for (const d of [6, 48, 90]) {
      const shares = Array.from({ length: 12 }, (_, seed) => {
        const P = makeProjection({ name, ambientDimension: D, intrinsicDimension: d, seed });
        return remainingShare(columnsOf(P), gaussians(D, 1000 + seed));
      });
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      // The share is Beta((D - d)/2, d/2): its variance is 2 d (D - d) / (D^2 (D + 2)).
      const error = Math.sqrt(2 * d * (D - d) / (D * D * (D + 2)) / shares.length);
      assert.ok(Math.abs(mean - (1 - d / D)) < 4 * error, `d ${d}: ${mean}, expected ${1 - d / D} +- ${error}`);
    }
  });
}

test("gradient descent in the subspace reaches that best loss", () => {
  const d = 24, target = gaussians(D, 7), projection = makeProjection({ ambientDimension: D, intrinsicDimension: d, seed: 7 });
  const space = subspace({ theta0: new Float32Array(D), projection });
  let z = new Float32Array(d);
  for (let step = 0; step < 20; step++) {
    const slope = space.gradient(space.at(z).map((value, i) => value - target[i]!));
    z = z.map((value, j) => value - slope[j]!);
  }
  const loss = space.at(z).reduce((sum, value, i) => sum + (value - target[i]!) ** 2, 0) / target.reduce((sum, value) => sum + value ** 2, 0);
  assert.ok(Math.abs(loss - remainingShare(columnsOf(projection), target)) < 1e-5);
});
