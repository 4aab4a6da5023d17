/**
 * The toy of Li et al. 2018 (arXiv 1804.08838), section 2: D = 1000 weights, the first hundred are to sum to 1, the next to 2,
 * ... the last to 10; the loss is the squared error of the ten sums. Solutions have 990 dimensions, so the intrinsic dimension
 * is ten. Solved by least squares: condition numbers reach thousands.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProjection, projectionNames, type ProjectionName } from "../../lib/projections/index.js";
import { subspace } from "../../lib/subspace.js";
import { gaussians } from "../../lib/support/random.js";
import { columnsOf } from "../projections/matrices.js";
import { remainingShare } from "./leastSquares.js";

const D = 1000, BLOCKS = 10;

/** The ten sums of theta [1000]. */
const sums = (theta: ArrayLike<number>): Float64Array => {
  const result = new Float64Array(BLOCKS);
  for (let i = 0; i < D; i++) result[Math.floor(i / 100)]! += theta[i]!;
  return result;
};

/** The smallest loss, the squared error of the sums, in the subspace. */
function bestLoss(name: ProjectionName, d: number, seed: number): number {
  const P = makeProjection({ name, ambientDimension: D, intrinsicDimension: d, seed });
  const theta0 = gaussians(D, seed), start = sums(subspace({ theta0, projection: P }).at(new Float32Array(d)));
  const missing = start.map((sum, block) => block + 1 - sum);
  return remainingShare(columnsOf(P).map(sums), missing) * missing.reduce((total, value) => total + value * value, 0);
}

/** A performance of 0.9, the performance being exp(-loss). */
const SOLVED = 0.105;
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

for (const name of projectionNames) {
  test(`${name}: ten coordinates always reach the toy's ten constraints, nine almost never`, () => {
    for (const seed of SEEDS) assert.ok(bestLoss(name, 10, seed) < SOLVED / 1000, `d = 10, seed ${seed}`);
    const reached = SEEDS.filter((seed) => bestLoss(name, 9, seed) < SOLVED).length;
    assert.ok(reached <= 0.1 * SEEDS.length, `d = 9 reached it in ${reached} of ${SEEDS.length}`);
  });
}
