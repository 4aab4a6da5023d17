import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { makeProjection } from "../../lib/projections/index.js";
import { makeReparameterisation } from "../../lib/reparameterisations/index.js";
import { subspace } from "../../lib/subspace.js";
import { gaussians } from "../../lib/support/random.js";

await startEngine();

test("it is the subspace of the same projection, cut into tensors", () => {
  const theta0 = gaussians(30, 1), z = gaussians(4, 2), g = gaussians(30, 3);
  const cut = (x: Float32Array) => ({ a: tf.tensor2d(x.slice(0, 21), [3, 7]), b: tf.tensor1d(x.slice(21)) });
  const did = makeReparameterisation({ method: "did", parameters: cut(theta0), d: 4, seed: 9 });
  const space = subspace({ theta0, projection: makeProjection({ ambientDimension: 30, intrinsicDimension: 4, seed: 9 }) });
  const theta = did.parameters({ z: tf.tensor1d(z) });
  [...theta.a!.dataSync(), ...theta.b!.dataSync()].forEach((value, i) => assert.ok(Math.abs(value - space.at(z)[i]!) < 1e-6));
  const back = did.gradients({ z: tf.tensor1d(z) }, cut(g)).z!.dataSync();
  back.forEach((value, j) => assert.ok(Math.abs(value - space.gradient(g)[j]!) < 1e-5));
});

test("it says whether it can be compiled: with the default projection, and not through the host", () => {
  const parameters = { a: tf.ones([9]) };
  const make = (projection?: string) => makeReparameterisation({ method: "did", parameters, d: 2, seed: 1, projection });
  assert.deepEqual([make(), make("srht-blocked"), make("one-hot")].map(({ inGraph }) => inGraph), [true, true, false]);
});
