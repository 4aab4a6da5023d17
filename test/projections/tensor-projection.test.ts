/** Every projection's form over named tensors against its form on typed arrays. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, startEngine } from "../../lib/engine/index.js";
import { makeProjection, projectionNames, tensorProjection, type ProjectionName } from "../../lib/projections/index.js";
import { layoutOf } from "../../lib/projections/layout.js";
import { gaussians } from "../../lib/support/random.js";
import { disposeAll, totalSize, type NamedShapes, type NamedTensors } from "../../lib/support/tensors.js";

await startEngine();

/** Sizes far apart, offsets that are no multiple of anything, groups that come again. */
const shapes: NamedShapes = { "e.table": [50, 24], "e.scale": [], "l.weight": [17, 3], "l.bias": [1], "h.weight": [2, 24], "l.late": [7] };
const groupOf = (name: string): string => name[0]!;
const D = totalSize(shapes), d = 20, seed = 5;

const setUp = (name: ProjectionName) => ({
  P: makeProjection({ name, ambientDimension: D, intrinsicDimension: d, seed }),
  named: tensorProjection({ name, intrinsicDimension: d, seed, shapes, groupOf }),
});

/** A vector over theta as named tensors. */
const cut = (theta: Float32Array): NamedTensors => Object.fromEntries(layoutOf(shapes).places.map(({ name, shape, offset, size }) =>
  [name, tf.tensor(theta.slice(offset, offset + size), shape)]));

const flat = (tensors: NamedTensors): Float32Array =>
  Float32Array.from(Object.keys(shapes).flatMap((name) => [...tensors[name]!.dataSync()]));

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  assert.equal(actual.length, expected.length);
  const size = Math.sqrt(Array.from(expected).reduce((sum, value) => sum + value * value, 0) / expected.length);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance * size, `${i}: ${actual[i]}, ${expected[i]}`);
  }
}

/** What group i's scale multiplies, over theta. */
const scaleOver = (scales: Float32Array): Float32Array => {
  const over = new Float32Array(D);
  for (const { offset, size, group } of layoutOf(shapes, groupOf).places) over.fill(scales[group]!, offset, offset + size);
  return over;
};

for (const name of projectionNames) {
  test(`${name}: tensors get P z, cut in the order of their names`, () => {
    const { P, named } = setUp(name), z = gaussians(d, 1);
    assert.equal(named.ambientDimension, D);
    assertClose(tf.tidy(() => flat(named.applyTensors(tf.tensor1d(z)))), P.apply(z));
    named.dispose();
  });

  test(`${name}: gradients go back by P^T`, () => {
    const { P, named } = setUp(name), g = gaussians(D, 2);
    assertClose(tf.tidy(() => named.adjointTensors(cut(g)).dataSync()), P.adjoint(g));
    named.dispose();
  });

  test(`${name}: scales multiply their groups, and their gradients are exact`, () => {
    const { P, named } = setUp(name), z = gaussians(d, 1), g = gaussians(D, 2), scales = Float32Array.from([0.5, -2, 3]);
    const over = scaleOver(scales), moved = P.apply(z);
    assertClose(tf.tidy(() => flat(named.applyTensors(tf.tensor1d(z), tf.tensor1d(scales)))), moved.map((value, i) => value * over[i]!));
    const back = tf.tidy(() => {
      const gradients = named.pullback(cut(g), tf.tensor1d(z), tf.tensor1d(scales));
      return { z: gradients.z.dataSync(), scales: gradients.scales.dataSync() };
    });
    assertClose(back.z, P.adjoint(g.map((value, i) => value * over[i]!)));
    const dots = [0, 1, 2].map((group) => {
      const own = scaleOver(Float32Array.from([0, 1, 2], (other) => Number(other === group)));
      return moved.reduce((sum, value, i) => sum + value * g[i]! * own[i]!, 0);
    });
    assertClose(back.scales, dots);
    named.dispose();
  });

  test(`${name}: no tensor is left behind, on errors neither`, () => {
    const before = tf.memory().numTensors;
    const { named } = setUp(name), z = tf.tensor1d(gaussians(d, 1)), scales = tf.ones([3]) as tf.Tensor1D, g = cut(gaussians(D, 2));
    disposeAll(named.applyTensors(z));
    disposeAll(named.applyTensors(z, scales));
    named.adjointTensors(g).dispose();
    disposeAll(named.pullback(g, z, scales));
    const { "h.weight": _, ...incomplete } = g;
    assert.throws(() => named.adjointTensors(incomplete), /adjointTensors: gradients must hold h\.weight \[2, 24\], got none/);
    assert.throws(() => named.pullback({ ...g, "l.bias": scales }, z, scales), /gradients must hold l\.bias \[1\], got \[3\]/);
    assert.throws(() => named.applyTensors(scales), /applyTensors: z must have shape \[20\], got \[3\]/);
    assert.throws(() => named.applyTensors(z, z), /scales must have shape \[3\], got \[20\]/);
    disposeAll(g);
    tf.dispose([z, scales]);
    named.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

test("the form inside the graph agrees with the host beyond one period, and can be compiled", async () => {
  const large: NamedShapes = { a: [700, 701], b: [13], c: [300, 512] }, size = totalSize(large);
  const P = makeProjection({ ambientDimension: size, intrinsicDimension: 100, seed });
  const named = tensorProjection({ intrinsicDimension: 100, seed, shapes: large });
  assert.ok(named.inGraph);
  const z = tf.tensor1d(gaussians(100, 1));
  const step = compileStep(({ z }) => {
    const theta = named.applyTensors(z as tf.Tensor1D);
    return { ...theta, back: named.adjointTensors(theta) };
  }, { name: "projection" });
  for (let run = 0; run < 3; run++) {
    const result = await step.run({ z }), moved = P.apply(gaussians(100, 1));
    assertClose(result["b"]!.dataSync(), moved.subarray(700 * 701, 700 * 701 + 13));
    assertClose(result["c"]!.dataSync(), moved.subarray(700 * 701 + 13));
    assertClose(result["back"]!.dataSync(), P.adjoint(moved));
    disposeAll(result);
  }
  step.dispose();
  named.dispose();
  z.dispose();
});

test("an unknown projection is an error that suggests the nearest", () => {
  const name = "srht-block" as ProjectionName;
  assert.throws(() => tensorProjection({ name, intrinsicDimension: 1, seed: 1, shapes }), /Did you mean "srht-blocked"\?/);
});
