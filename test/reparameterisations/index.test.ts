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
  assert.throws(() => make({ method: "sayd" as Method }), /method must be one of full, did, said, got "sayd"\. Did you mean "said"\?/);
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

test("mistakes leave no tensors behind", () => {
  const parameters = { body: tf.ones([5]) }, before = tf.memory().numTensors;
  for (const d of [0, 9]) assert.throws(() => makeReparameterisation({ method: "did", parameters, d, seed: 1 }));
  assert.throws(() => makeReparameterisation({ method: "said", parameters, d: 1, seed: 1 }));
  assert.throws(() => makeReparameterisation({ method: "did", parameters, d: 1, seed: -1 }));
  assert.equal(tf.memory().numTensors, before);
});
