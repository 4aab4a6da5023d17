import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import {
  makeReparameterisation, type HeadPolicy, type Method, type ReparameterisationOptions,
} from "../../lib/reparameterisations/index.js";

await startEngine();

const make = (options: Partial<ReparameterisationOptions>) => makeReparameterisation({
  method: "did", parameters: { body: tf.ones([5]), head: tf.ones([2]) }, d: 2, seed: 1, headNames: ["head"], ...options,
});

test("mistakes are errors that name the argument, what was expected and what came", () => {
  assert.throws(() => make({ method: "sayd" as Method }), /method must be one of full, did, said, .*, got "sayd"\. Did you mean "said"\?/);
  assert.throws(() => make({ headPolicy: "froze" as HeadPolicy }),
    /headPolicy must be one of projected, free, frozen, got "froze"\. Did you mean "frozen"\?/);
  assert.throws(() => make({ projection: "onehot" }), /projection must be one of .*got "onehot"\. Did you mean "one-hot"\?/);
  for (const d of [undefined, 0, 8, 1.5]) assert.throws(() => make({ d }), /did: d must be an integer in \[1, 7\], got/);
  assert.throws(() => make({ d: 6, headPolicy: "frozen" }), /did: d must be an integer in \[1, 5\], got 6/);
  assert.throws(() => make({ seed: undefined }), /seed must be an integer in \[0, 4294967295\], got undefined/);
  assert.throws(() => make({ headNames: ["tail"] }), /headNames must name parameters, got "tail"/);
  assert.throws(() => make({ headNames: ["body", "head"], headPolicy: "free" }), /parameters must hold more than the head/);
  assert.throws(() => make({ parameters: { z: tf.ones([3]) }, headNames: [] }), /parameters must not be called z/);
});

test("a method that the head does not fit says which policies do, and its default is the first of them", () => {
  assert.throws(() => make({ method: "bitfit", headPolicy: "projected" }), /bitfit: the head must be free or frozen, got "projected"/);
  assert.throws(() => make({ method: "head", headPolicy: "frozen" }), /head: the head must be free, got "frozen"/);
  assert.equal(make({ method: "head", headPolicy: undefined }).budget.free, 2);
  assert.throws(() => make({ method: "head", headNames: [] }), /head: the model has no head to train/);
  assert.throws(() => make({ method: "bitfit", headPolicy: "frozen" }), /bitfit: the model has no biases to train/);
});

test("targets, rank and directions that make no sense are errors with a remedy", () => {
  const parameters = { "layer.0.query.weight": tf.ones([3, 3]), head: tf.ones([2]) };
  assert.throws(() => make({ method: "lora", parameters, targets: ["querry"] }),
    /targets must be among all, query, .*got "querry"\. Did you mean "query"\? This model's modules end in query\./);
  assert.throws(() => make({ method: "ia3", parameters, targets: [] }), /targets must be among .* got undefined/);
  assert.throws(() => make({ method: "lora", parameters, targets: ["query"], rank: 0 }), /lora: rank must be an integer of at least 1, got 0/);
  assert.throws(() => make({ method: "lora", parameters, targets: ["query"], alpha: -1 }), /lora: alpha must be a number/);
  assert.throws(() => make({ method: "uni-lora", parameters, targets: ["query"], rank: 1, d: 9 }), /uni-lora: d must be an integer in \[1, 8\], got 9/);
  assert.throws(() => make({ method: "learned" }), /directions must be given/);
  assert.throws(() => make({ method: "learned", directions: { body: tf.ones([4, 5]) } }), /directions must hold head as \[4,2\], got none/);
  const directions = { body: tf.ones([4, 5]), head: tf.ones([4, 2]) };
  assert.throws(() => make({ method: "learned", directions, d: 5 }), /learned: d must be an integer in \[1, 4\], got 5/);
});

test("mistakes leave no tensors behind", () => {
  const parameters = { body: tf.ones([5]) }, before = tf.memory().numTensors;
  for (const d of [0, 9]) assert.throws(() => makeReparameterisation({ method: "did", parameters, d, seed: 1 }));
  assert.throws(() => makeReparameterisation({ method: "said", parameters, d: 1, seed: 1 }));
  assert.throws(() => makeReparameterisation({ method: "did", parameters, d: 1, seed: -1 }));
  assert.equal(tf.memory().numTensors, before);
});
