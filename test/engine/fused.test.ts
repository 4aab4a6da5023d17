import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, engineInfo, fused, startEngine, type StepFunction } from "../../lib/engine/index.js";
import { gelu } from "../../lib/models/ops.js";
import { disposeAll, type NamedTensors } from "../../lib/support/tensors.js";
import { makeOptimizer } from "../../lib/training/optimizers.js";

before(async () => { await startEngine(); });
const skip = (): boolean => engineInfo().mode !== "recorded";

/** Runs `fn` compiled, with each of `inputs`, and op by op: the largest relative difference, and what the console was told. */
async function compared(fn: StepFunction, ...inputs: NamedTensors[]): Promise<{ difference: number; lines: string[] }> {
  const before = tf.memory().numTensors, step = compileStep(fn), { error } = console, lines: string[] = [];
  console.error = (line: string) => { lines.push(line); };
  let difference = 0;
  try {
    for (const given of inputs) {
      const results = await step.run(given), expected = tf.tidy(() => fn(given));
      for (const [name, tensor] of Object.entries(results)) {
        difference = Math.max(difference, tf.tidy(() => tf.max(tf.abs(tf.sub(tensor, expected[name]!))).dataSync()[0]! / (1 + tf.max(tf.abs(tensor)).dataSync()[0]!)));
      }
      [results, expected].forEach(disposeAll);
    }
  } finally {
    console.error = error;
    step.dispose();
  }
  assert.equal(tf.memory().numTensors, before);
  return { difference, lines };
}

test("a compiled function gives what its operations give, one by one, in every run", async (t) => {
  if (skip()) return t.skip("no recorded steps here");
  const small = tf.tensor1d([1, -2, 3]), large = tf.randomNormal([5000, 3], 0, 1, "float32", 1), counter = tf.variable(tf.scalar(2));
  const step: StepFunction = ({ x }) => {
    const { sum, mean } = fused(true, () => {
      const scaled = tf.mul(tf.add(tf.exp(tf.neg(tf.square(x!))), small), tf.mul(large, counter));
      return { sum: tf.sum(scaled, 0), mean: tf.mean(scaled, 1, true) };
    });
    const again = fused(true, () => ({ twice: tf.mul(fused(true, () => ({ inner: tf.mul(mean, 2) })).inner, tf.cast(tf.greater(x!, 0), "float32")) }));
    return { sum, mean, twice: again.twice, after: tf.add(sum, 1) };
  };
  const [one, two] = [7, 8].map((seed) => ({ x: tf.randomNormal([5000, 3], 0, 1, "float32", seed) }));
  const { difference, lines } = await compared(step, one!, two!, one!);
  assert.deepEqual(lines, []);
  assert.ok(difference < 1e-6, String(difference));
  [one!, two!].forEach(disposeAll);
  [small, large, counter].forEach((tensor) => tensor.dispose());
});

test("an operation that functions do not name runs beside the others, and one line says so", async (t) => {
  if (skip()) return t.skip("no recorded steps here");
  const x = tf.randomNormal([40, 3], 0, 10, "float32", 1);
  const { difference, lines } = await compared(({ x: given }) => fused(true, () => ({ y: tf.floor(given!) })), { x });
  assert.equal(difference, 0);
  assert.deepEqual(lines, ["compileStep: step runs without compiled functions, up to a fifth slower: it fuses an op Floor, whose output functions.ts does not name."]);
  x.dispose();
});

test("GELU and Adam of large tensors, compiled, and their gradients equal the small ones' formulas", async (t) => {
  if (skip()) return t.skip("no recorded steps here");
  const x = tf.randomNormal([600, 512], 0, 2, "float32", 3);
  const ofGelu = await compared(({ x: given }) => {
    const { value, grad } = tf.valueAndGrad((tensor) => tf.sum(tf.square(gelu(tensor))))(given!);
    return { value, grad };
  }, { x });
  assert.deepEqual(ofGelu.lines, []);
  assert.ok(ofGelu.difference < 1e-6, String(ofGelu.difference));
  const rows = tf.slice(x, [0, 0], [10, 512]);
  const [large, small] = [x, rows].map((tensor) => tf.tidy(() => tf.slice(tf.grad((inner) => tf.sum(tf.square(gelu(inner))))(tensor), [0, 0], [10, 512])));
  assert.ok(tf.tidy(() => tf.max(tf.abs(tf.sub(large!, small!))).dataSync()[0]!) < 1e-5, "the gradient that computes Phi again is the one that kept it");
  for (const options of [{ name: "adamw", weightDecay: 0.1 }, { name: "adam", weightDecay: 0.1, clipNorm: 0 }] as const) {
    const optimizer = makeOptimizer(options), state = optimizer.init({ x }), scalars = optimizer.scalars(3, 0.01);
    const ofAdam = await compared((given) => {
      const next = optimizer.update({ x: given["x"]! }, { x: given["g"]! }, { "m.x": given["m"]!, "v.x": given["v"]! }, scalars);
      return { ...next.trainable, ...next.state };
    }, { x, g: x, m: state["m.x"]!, v: state["v.x"]! });
    assert.deepEqual(ofAdam.lines, []);
    assert.ok(ofAdam.difference < 1e-6, `${options.name}: ${ofAdam.difference}`);
    [state, scalars].forEach(disposeAll);
  }
  [x, rows, large!, small!].forEach((tensor) => tensor.dispose());
});
