/** What holds for every method, projection and head policy. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { projectionNames } from "../../lib/projections/index.js";
import { makeReparameterisation, type HeadPolicy, type Method, type Reparameterisation } from "../../lib/reparameterisations/index.js";
import { gaussians } from "../../lib/support/random.js";
import { disposeAll, shapesOf, sizeOf, type NamedShapes, type NamedTensors } from "../../lib/support/tensors.js";

await startEngine();

const shapes: NamedShapes = { "embeddings.table": [9, 4], "layer.0.weight": [4, 4], "layer.0.bias": [4],
  "head.weight": [2, 4], "head.bias": [2] };
const headNames = ["head.weight", "head.bias"];
const groupOf = (name: string): string => name.replace(/\.\w+$/, "");

const named = (shapes: NamedShapes, seed: number): NamedTensors => Object.fromEntries(Object.entries(shapes)
  .map(([name, shape], i) => [name, tf.tensor(gaussians(sizeOf(shape), seed + i), [...shape])]));
const theta0 = named(shapes, 10), slope = named(shapes, 50);

const values = (tensors: NamedTensors): number[] => Object.values(tensors).flatMap((tensor) => [...tensor.dataSync()]);

/** A loss of theta, quadratic, so that central differences are exact: sum of slope o theta + theta^2 / 2; and its gradient. */
const lossAt = (theta: NamedTensors): number => values(theta).reduce((sum, value, i) => sum + value * (values(slope)[i]! + value / 2), 0);
const gradientAt = (theta: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(theta).map(([name, value]) => [name, tf.add(slope[name]!, value)]));

/** Every method with every projection and head policy. */
const CASES = (["full", "did", "said"] as Method[]).flatMap((method) => (method === "full" ? ["srht-blocked"] : projectionNames).flatMap(
  (projection) => (["projected", "free", "frozen"] as HeadPolicy[]).map((headPolicy) => ({ method, projection, headPolicy }))));

const make = (options: (typeof CASES)[number]): Reparameterisation =>
  makeReparameterisation({ ...options, parameters: theta0, d: 8, seed: 3, headNames, groupOf });

/** Somewhere away from the start. */
const elsewhere = (start: NamedTensors): NamedTensors => {
  const moves = named(shapesOf(start), 90);
  return Object.fromEntries(Object.entries(start).map(([name, value]) => [name, tf.add(value, moves[name]!)]));
};

for (const options of CASES) {
  const what = `${options.method}, ${options.projection}, head ${options.headPolicy}`;

  test(`${what}: it starts at theta0, in theta0's order, and is built from it anew each time`, () => tf.tidy(() => {
    const subject = make(options), start = subject.init();
    assert.deepEqual(Object.keys(subject.parameters(start)), Object.keys(theta0));
    assert.deepEqual(values(subject.parameters(start)), values(theta0));
    const away = elsewhere(start), first = values(subject.parameters(away));
    assert.notDeepEqual(first, values(theta0));
    assert.deepEqual(values(subject.parameters(away)), first);
    assert.deepEqual(values(subject.parameters(start)), values(theta0));
    subject.dispose();
  }));

  test(`${what}: the gradients are the slopes of the loss along what is trained`, () => tf.tidy(() => {
    const subject = make(options), at = elsewhere(subject.init());
    const gradients = subject.gradients(at, gradientAt(subject.parameters(at)));
    assert.deepEqual(Object.keys(gradients).sort(), Object.keys(at).sort());
    for (const [name, value] of Object.entries(at)) {
      assert.deepEqual(gradients[name]!.shape, value.shape);
      const gradient = gradients[name]!.dataSync();
      for (const index of [0, value.size - 1]) {
        const step = tf.reshape(tf.oneHot(tf.tensor1d([index], "int32"), value.size), value.shape);
        const [up, down] = [tf.add(value, step), tf.sub(value, step)].map((moved) => lossAt(subject.parameters({ ...at, [name]: moved })));
        assert.ok(Math.abs((up! - down!) / 2 - gradient[index]!) < 1e-3 * (1 + Math.abs(gradient[index]!)), `${name}[${index}]`);
      }
    }
    subject.dispose();
  }));

  test(`${what}: a head that is not projected moves as its policy says, and what is trained is what is counted`, () => tf.tidy(() => {
    const subject = make(options), start = subject.init(), theta = subject.parameters(elsewhere(start));
    const { counted, free, total } = subject.budget;
    assert.equal(total, values(start).length);
    assert.equal(free, options.headPolicy === "free" ? 10 : 0);
    assert.equal(counted, options.method !== "full" ? 8 : options.headPolicy === "projected" ? 66 : 56);
    if (options.headPolicy === "frozen") for (const name of headNames) assert.deepEqual(theta[name]!.dataSync(), theta0[name]!.dataSync());
    for (const name of headNames) assert.equal(subject.gradientNames.includes(name), options.headPolicy !== "frozen");
    assert.deepEqual(Object.keys(start).filter((name) => headNames.includes(name)).length > 0,
      options.headPolicy === "free" || (options.method === "full" && options.headPolicy === "projected"));
    subject.dispose();
  }));

  test(`${what}: no tensor is left behind, and theta0 stays`, () => {
    const before = tf.memory().numTensors, start = values(theta0);
    const subject = make(options), trained = subject.init(), theta = subject.parameters(trained);
    const gradients = subject.gradients(trained, theta);
    if (options.method !== "full") {
      assert.throws(() => subject.gradients(trained, {}), /gradients must hold/);
      assert.throws(() => subject.parameters({ ...trained, z: theta0["head.bias"]! }), /z must have shape/);
    }
    for (const owned of [trained, theta, gradients]) disposeAll(owned);
    subject.dispose();
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(values(theta0), start);
  });
}
