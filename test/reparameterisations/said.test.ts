import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { makeProjection } from "../../lib/projections/index.js";
import { makeReparameterisation, type ReparameterisationOptions } from "../../lib/reparameterisations/index.js";
import { gaussians } from "../../lib/support/random.js";

await startEngine();

const parameters = {
  "layer.0.weight": tf.ones([20, 5]), "layer.0.bias": tf.ones([5]), "layer.1.weight": tf.ones([30]), "head.weight": tf.ones([7]),
};
const groupOf = (name: string): string => name.split(".").slice(0, -1).join(".");
const make = (options: Partial<ReparameterisationOptions>) =>
  makeReparameterisation({ method: "said", parameters, seed: 1, headNames: ["head.weight"], groupOf, ...options });

test("a group is what groupOf says, each parameter by default, and the head has one only while it is projected", () => {
  assert.deepEqual(make({ d: 10 }).groups, ["layer.0", "layer.1", "head"]);
  assert.deepEqual(make({ d: 10, groupOf: undefined }).groups, Object.keys(parameters));
  for (const headPolicy of ["free", "frozen"] as const) assert.deepEqual(make({ d: 10, headPolicy }).groups, ["layer.0", "layer.1"]);
});

test("d counts the lambdas: z has d - m coordinates", () => {
  const { z, lambda } = make({ d: 10 }).init();
  assert.deepEqual([z!.shape, lambda!.shape], [[7], [3]]);
  assert.deepEqual([...lambda!.dataSync()], [1, 1, 1]);
});

test("with lambda at 1 it is the direct method of the same seed with d - m coordinates", () => {
  const said = make({ d: 10 }), did = make({ method: "did", d: 7 }), z = tf.tensor1d(gaussians(7, 1));
  const [a, b] = [said.parameters({ z, lambda: tf.ones([3]) }), did.parameters({ z })];
  for (const name of Object.keys(parameters)) {
    const [x, y] = [a, b].map((theta) => theta[name]!.dataSync());
    x!.forEach((value, i) => assert.ok(Math.abs(value - y![i]!) < 1e-5));
  }
});

test("lambda multiplies the moves of its own group alone", () => {
  const said = make({ d: 10 }), z = gaussians(7, 1);
  const moved = makeProjection({ ambientDimension: 142, intrinsicDimension: 7, seed: 1 }).apply(z);
  const theta = said.parameters({ z: tf.tensor1d(z), lambda: tf.tensor1d([2, 0, -1]) });
  const expected = { "layer.0.bias": moved.slice(100, 105).map((value) => 1 + 2 * value), "layer.1.weight": new Float32Array(30).fill(1),
    "head.weight": moved.slice(135).map((value) => 1 - value) };
  for (const [name, values] of Object.entries(expected)) {
    theta[name]!.dataSync().forEach((value, i) => assert.ok(Math.abs(value - values[i]!) < 1e-5, `${name}[${i}]`));
  }
});

test("a d that the lambdas use up is an error that explains itself", () => {
  assert.throws(() => make({ d: 3 }),
    /said: d must be more than m = 3, got 3: each of the 3 groups \(layer\.0, layer\.1, head\) has a lambda.*Take d >= 4/);
  assert.doesNotThrow(() => make({ d: 4 }).dispose());
});
