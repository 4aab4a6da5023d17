import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { dropper } from "../../lib/models/dropout.js";

before(async () => { await startEngine(); });

/** The masks that the first `places` places get under a seed. */
const masks = (seed: [number, number], places: number, rate = 0.5): string[] => tf.tidy(() => {
  const drop = dropper({ seed: tf.tensor1d(seed, "int32") });
  return Array.from({ length: places }, () => drop(tf.ones([64]), rate).dataSync().join(""));
});

test("what is kept is scaled so that the mean stays", () => {
  const values = tf.tidy(() => dropper({ seed: tf.tensor1d([1, 2], "int32") })(tf.ones([100, 1000]), 0.1).dataSync());
  const kept = values.filter((value) => value !== 0);
  assert.ok(kept.every((value) => value === Math.fround(1 / 0.9)));
  assert.ok(Math.abs(kept.length / values.length - 0.9) < 0.005);
});

test("places and neighbouring seeds all have masks of their own, and a seed always the same", () => {
  const seeds: [number, number][] = [[0, 0], [0, 1], [1, 0], [0, 2], [-1, 2 ** 31 - 1]];
  const all = seeds.flatMap((seed) => masks(seed, 8));
  assert.equal(new Set(all).size, all.length);
  assert.deepEqual(masks([0, 1], 8), masks([0, 1], 8));
});

test("no dropout, or rate 0, passes the tensor itself; a place that drops nothing still counts", () => {
  const x = tf.ones([64]);
  const seed = tf.tensor1d([3, 4], "int32");
  assert.equal(dropper()(x, 0.5), x);
  const drop = dropper({ seed });
  assert.equal(drop(x, 0), x);
  const second = tf.tidy(() => drop(x, 0.5).dataSync().join(""));
  assert.equal(second, masks([3, 4], 2)[1]);
  tf.dispose([x, seed]);
});

test("one rate goes before the configured ones, and must be below 1", () => {
  const values = tf.tidy(() => dropper({ seed: tf.tensor1d([1, 2], "int32"), rate: 0.9 })(tf.ones([10_000]), 0.1).dataSync());
  assert.ok(values.filter((value) => value !== 0).length < 1500);
  const seed = tf.tensor1d([1, 2], "int32");
  for (const rate of [1, -0.1, NaN]) assert.throws(() => dropper({ seed, rate }), /dropout\.rate must be a number in/);
  seed.dispose();
});

test("the gradient passes where the value passed, and nothing leaks", () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const seed = tf.tensor1d([1, 2], "int32"), x = tf.ones([256]);
    const value = dropper({ seed })(x, 0.5).dataSync();
    const gradient = tf.grad((y) => dropper({ seed })(y, 0.5))(x).dataSync();
    assert.deepEqual(gradient, value);
  });
  assert.equal(tf.memory().numTensors, before);
});
