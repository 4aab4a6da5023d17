import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { makeReparameterisation } from "../../lib/reparameterisations/index.js";

await startEngine();

test("what is trained is theta by name, a free or projected head included, a frozen one not", () => {
  const parameters = { body: tf.ones([3]), head: tf.zeros([2]) };
  const trained = (["projected", "free", "frozen"] as const).map((headPolicy) =>
    Object.keys(makeReparameterisation({ method: "full", parameters, headNames: ["head"], headPolicy }).init()));
  assert.deepEqual(trained, [["body", "head"], ["body", "head"], ["body"]]);
});
