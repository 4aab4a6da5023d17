/** What holds for every projection; each has files of its own only for what it alone promises. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProjection, projectionNames, type Projection, type ProjectionName } from "../../lib/projections/index.js";
import { sha256 } from "../../lib/support/files.js";
import { gaussians } from "../../lib/support/random.js";
import { columnsOf, dot } from "./matrices.js";

const make = (name: ProjectionName, D: number, d: number, seed = 1): Projection =>
  makeProjection({ name, ambientDimension: D, intrinsicDimension: d, seed });

const squaredNorm = (x: ArrayLike<number>): number => dot(x, x);

/** [D, d]: one weight, d = D, powers of two, none, d just over one, D just over, many blocks. */
const SIZES = [[1, 1], [2, 1], [2, 2], [3, 2], [5, 5], [16, 16], [17, 3], [64, 64], [100, 33],
  [257, 10], [1000, 999], [4099, 65], [9000, 200]] as const;

/** Sizes whose P is small enough to be looked at entry by entry. */
const SMALL = SIZES.filter(([D, d]) => D * d < 10_000);

/** SHA-256 of the little-endian bytes of P z for D = 5,003, d = 77, seed 90, z Gaussian of seed 1: they must never change. */
const GOLDEN: Record<ProjectionName, string> = {
  dense: "1e3f7d790136427d03057c90c788157d88ed3aeaeb0026369421ba6ae6a232bd",
  sparse: "51b1d73026649a53c0fd7fe5c060712334f6d4d9b2f30685dd2b2e381f97afab",
  fastfood: "d409e494803e7659fc7eb700a0495d74c23ab2ccbf7892746d21535fab3086ea",
  "fastfood-blocked": "db1ddb1478dd9237cceb5a73fcc088aed83a23352f2d20f235a7b7ae2986291b",
  srht: "f643467a2faad4aa4cf046ad792c33a7339d087315f69301c87ee4f32cddb1f2",
  "srht-blocked": "85562dd749110f2667f62ce7e54cde552e9303b3f191903225a08310f7109220",
  "one-hot": "76d59b6e62a6b3d64fc054d78f34aaec3ac4f9781b51f71b54b6b2a9c84f65d4",
  kronecker: "631bd1bbd140e8d5efc2d87b6926162aa4350aeb4fa5dbb4c0e21fedb6611dfa",
};

/** Columns have norm 1 exactly, not only in expectation over seeds. */
const UNIT_COLUMNS: ProjectionName[] = ["sparse", "srht", "srht-blocked", "one-hot"];

for (const name of projectionNames) {
  test(`${name}: the adjoint matches apply at every size`, () => {
    for (const [D, d] of SIZES) {
      const P = make(name, D, d), x = gaussians(d, 2), Px = P.apply(x), size = Math.sqrt(squaredNorm(Px) / D);
      const y = gaussians(D, 3).map((value, i) => Px[i]! + value * size); // <P x, y> is not near 0
      const left = dot(Px, y), right = dot(x, P.adjoint(y));
      assert.ok(Math.abs(left - right) <= 1e-6 * Math.max(Math.abs(left), squaredNorm(Px)), `D ${D}, d ${d}: ${left}, ${right}`);
    }
  });

  test(`${name}: apply and adjoint are linear`, () => {
    for (const [D, d] of SIZES) {
      const P = make(name, D, d);
      for (const [map, length] of [[P.apply, d], [P.adjoint, D]] as const) {
        const x = gaussians(length, 2), y = gaussians(length, 3);
        const together = map(x.map((value, i) => 2 * value - 3 * y[i]!)), parts = [map(x), map(y)] as const;
        const error = together.map((value, i) => value - (2 * parts[0][i]! - 3 * parts[1][i]!));
        assert.ok(squaredNorm(error) <= 1e-11 * (squaredNorm(together) + squaredNorm(parts[0]) + squaredNorm(parts[1])), `D ${D}, d ${d}`);
      }
    }
  });

  test(`${name}: every weight and every coordinate is reached, at every size`, () => {
    for (const [D, d] of SMALL) {
      const columns = columnsOf(make(name, D, d));
      assert.ok(columns.every((column) => squaredNorm(column) > 0), `a coordinate of d ${d}, D ${D}`);
      for (let i = 0; i < D; i++) assert.ok(columns.some((column) => column[i] !== 0), `weight ${i} of D ${D}, d ${d}`);
    }
  });

  test(`${name}: the norm is kept in expectation over seeds, for flat and for single coordinates, at every size`, () => {
    for (const [D, d] of [[1, 1], [3, 2], [100, 33], [120, 119], [700, 10]] as const) {
      for (const z of [gaussians(d, 5), new Float32Array(d).fill(1), new Float32Array(d).fill(1, d - 1)]) {
        const ratios = Array.from({ length: 150 }, (_, seed) => squaredNorm(make(name, D, d, seed).apply(z)) / squaredNorm(z));
        const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
        const error = Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0)) / ratios.length;
        assert.ok(Math.abs(mean - 1) < 5 * error + 1e-6, `D ${D}, d ${d}: ${mean} +- ${error}`);
      }
    }
  });

  if (UNIT_COLUMNS.includes(name)) {
    test(`${name}: each column has norm 1 exactly, over all of theta`, () => {
      for (const [D, d] of SMALL) {
        for (const column of columnsOf(make(name, D, d))) assert.ok(Math.abs(squaredNorm(column) - 1) < 1e-5, `D ${D}, d ${d}`);
      }
    });
  }

  test(`${name}: a tensor moves by its share of theta, however small it is`, () => {
    const sizes = [1, 10, 1, 3000, 64, 924], D = 4000, d = 50, z = gaussians(d, 5), runs = 120;
    const moved = sizes.map(() => 0);
    for (let seed = 0; seed < runs; seed++) {
      const theta = make(name, D, d, seed).apply(z);
      let from = 0;
      sizes.forEach((size, i) => { moved[i]! += squaredNorm(theta.subarray(from, from += size)) / squaredNorm(z) / runs; });
    }
    sizes.forEach((size, i) => assert.ok(Math.abs(moved[i]! / (size / D) - 1) < 0.6, `size ${size}: ${moved[i]! / (size / D)}`));
  });

  test(`${name}: the same seed gives the same bits on every machine, another seed another P`, () => {
    const z = gaussians(77, 1), theta = make(name, 5003, 77, 90).apply(z);
    assert.equal(sha256(new Uint8Array(theta.buffer)), GOLDEN[name]);
    assert.deepEqual(make(name, 5003, 77, 90).adjoint(theta), make(name, 5003, 77, 90).adjoint(theta));
    assert.notDeepEqual(make(name, 5003, 77, 91).apply(z), theta);
  });

  test(`${name}: results are the caller's, arguments stay as they are, out may hold anything`, () => {
    const P = make(name, 100, 33), z = gaussians(33, 1), theta = P.apply(z), kept = theta.slice(), g = gaussians(100, 2);
    const back = P.adjoint(g);
    assert.deepEqual(theta, kept);
    assert.deepEqual([z, g], [gaussians(33, 1), gaussians(100, 2)]);
    const out = new Float32Array(100).fill(NaN), outBack = new Float32Array(33).fill(NaN);
    assert.equal(P.apply(z, out), out);
    assert.deepEqual(out, theta);
    assert.deepEqual(P.adjoint(g, outBack), back);
  });

  test(`${name}: wrong sizes are errors that name what was expected and what came`, () => {
    for (const d of [0, 11, 2.5, NaN]) assert.throws(() => make(name, 10, d), /intrinsicDimension must be an integer in \[1, 10\], got/);
    assert.throws(() => make(name, 0, 1), /ambientDimension must be an integer/);
    assert.throws(() => make(name, 10, 2, -1), /seed must be an integer/);
    const P = make(name, 10, 2);
    assert.throws(() => P.apply(new Float32Array(3)), new RegExp(`${name} apply: z must have length 2, got 3`));
    assert.throws(() => P.adjoint(new Float32Array(3)), new RegExp(`${name} adjoint: g must have length 10, got 3`));
    assert.throws(() => P.apply(new Float32Array(2), new Float32Array(9)), /out must have length 10, got 9/);
  });
}

test("a name that no projection has is an error that suggests the nearest", () => {
  const wrong = { name: "fastfod" as ProjectionName, ambientDimension: 10, intrinsicDimension: 2, seed: 1 };
  assert.throws(() => makeProjection(wrong), /projection must be one of dense, .*got "fastfod"\. Did you mean "fastfood"\?/);
});

test("without a name the projection is srht-blocked", () => {
  assert.equal(makeProjection({ ambientDimension: 10, intrinsicDimension: 2, seed: 1 }).name, "srht-blocked");
});
