import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { pretrainOptimizer } from "../../lib/pretraining/optimizer.js";
import { disposeAll, type NamedTensors } from "../../lib/support/tensors.js";

before(async () => { await startEngine(); });

/** Algorithm 2 of You et al. in float64, two updates of one tensor. */
function reference(start: number[], gradients: number[][], { rate, decay, matrix }: { rate: number; decay: number; matrix: boolean }): number[] {
  const norm = (x: number[]): number => Math.sqrt(x.reduce((sum, value) => sum + value ** 2, 0));
  let w = [...start], m = start.map(() => 0), v = start.map(() => 0);
  gradients.forEach((g, t) => {
    m = m.map((value, i) => 0.9 * value + 0.1 * g[i]!);
    v = v.map((value, i) => 0.98 * value + 0.02 * g[i]! ** 2);
    const r = m.map((value, i) => value / (1 - 0.9 ** (t + 1)) / (Math.sqrt(v[i]! / (1 - 0.98 ** (t + 1))) + 1e-6));
    const step = matrix ? r.map((value, i) => value + decay * w[i]!) : r;
    const trust = matrix ? norm(w) / norm(step) : 1;
    w = w.map((value, i) => value - rate * trust * step[i]!);
  });
  return w;
}

test("LAMB follows its algorithm: trust by the norms of matrices, Adam's step for vectors", () => {
  const before = tf.memory().numTensors;
  const optimizer = pretrainOptimizer({ optimizer: "lamb", weightDecay: 0.01, clipNorm: 0 });
  const start = [0.5, -1, 2, 0.25], gradients = [[0.1, 0.2, -0.3, 0.4], [-0.2, 0.1, 0.1, 0.3]];
  let theta: NamedTensors = { matrix: tf.tensor2d(start, [2, 2]), vector: tf.tensor1d(start) }, state = optimizer.init(theta);
  gradients.forEach((g, t) => {
    const scalars = optimizer.scalars(t, 0.02), old = [theta, state, scalars];
    const next = tf.tidy(() => optimizer.update(theta, { matrix: tf.tensor2d(g, [2, 2]), vector: tf.tensor1d(g) }, state, scalars));
    ({ trainable: theta, state } = next);
    old.forEach(disposeAll);
  });
  for (const [name, tensor] of Object.entries(theta)) {
    const expected = reference(start, gradients, { rate: 0.02, decay: 0.01, matrix: name === "matrix" });
    tensor.dataSync().forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-6, `${name}[${i}]: ${value}, ${expected[i]}`));
  }
  [theta, state].forEach(disposeAll);
  assert.equal(tf.memory().numTensors, before);
});

test("both optimisers clip the gradient's global norm", () => {
  for (const optimizer of ["adamw", "lamb"] as const) {
    const { init, scalars, update } = pretrainOptimizer({ optimizer, weightDecay: 0, clipNorm: 1 });
    tf.tidy(() => {
      const theta = { a: tf.tensor1d([1, 1]) };
      const { state } = update(theta, { a: tf.tensor1d([30, 40]) }, init(theta), scalars(0, 0.1));
      assert.ok(Math.abs(state["m.a"]!.dataSync()[0]! - 0.06) < 1e-5, optimizer); // 0.1 x 30 / 50
    });
  }
});
