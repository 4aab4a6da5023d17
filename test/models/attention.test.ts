import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, startEngine } from "../../lib/engine/index.js";
import { attend } from "../../lib/models/attention.js";
import { dropper, type Dropper } from "../../lib/models/dropout.js";
import { disposeAll, type NamedTensors } from "../../lib/support/tensors.js";

before(async () => { await startEngine(); });

interface Sizes { batch: number; heads: number; groups: number; asking: number; length: number; size: number; bias: number[] }

const RATE = 0.25;
const config = { attentionDropout: RATE }, SCALE = 0.75;
const names = ["queries", "keys", "values", "bias"];

const shapesOf = ({ batch, heads, groups, asking, length, size, bias }: Sizes): number[][] =>
  [[batch * asking, heads * size], [batch * length, groups * size], [batch * length, groups * size], bias];

const inputsOf = (sizes: Sizes): NamedTensors =>
  Object.fromEntries(shapesOf(sizes).map((shape, i) => [names[i]!, tf.randomNormal(shape, 0, 1, "float32", i + 1)]));

/** The formula, every query with a copy of the key that it shares; autodiff's gradients. */
function plain({ batch, heads, groups, asking, size }: Sizes, drop: Dropper, [asked, of, to, bias]: tf.Tensor[]): tf.Tensor {
  const split = (x: tf.Tensor, parts: number): tf.Tensor => tf.transpose(tf.reshape(x, [batch, -1, parts, size]), [0, 2, 1, 3]);
  const queries = tf.mul(split(asked!, heads), SCALE), keys = split(of!, groups), values = split(to!, groups);
  const own = (x: tf.Tensor): tf.Tensor => tf.concat(Array.from({ length: heads }, (_, head) => tf.slice(x, [0, Math.floor(head * groups / heads)], [-1, 1])), 1);
  const scores = tf.add(tf.matMul(queries, tf.transpose(own(keys), [0, 1, 3, 2])), bias!);
  const weights = tf.exp(tf.sub(scores, tf.logSumExp(scores, -1, true)));
  return tf.reshape(tf.transpose(tf.matMul(drop(weights, RATE), own(values)), [0, 2, 1, 3]), [batch * asking, heads * size]);
}

/** A context and the gradients of what it is weighted to, by `op`. */
function withGradients(op: (...x: tf.Tensor[]) => tf.Tensor, inputs: NamedTensors): NamedTensors {
  const tensors = names.map((name) => inputs[name]!), value = op(...tensors);
  const weights = tf.randomNormal(value.shape, 0, 1, "float32", 9);
  const gradients = tf.grads((...x) => tf.sum(tf.mul(op(...x), weights)))(tensors);
  return { value, ...Object.fromEntries(names.map((name, i) => [name, gradients[i]!])) };
}

/** @param tensors how many tensors queries, keys and values are. */
const attended = ({ batch: batchSize, heads, groups }: Sizes, tensors: number, inputs: NamedTensors, seed?: tf.Tensor): NamedTensors =>
  withGradients((...all) => {
    const of = all.slice(0, 3), bias = all[3]!;
    return attend({ drop: dropper(seed && { seed }), batchSize, config },
      { of: tensors === 3 ? of : [...of.slice(0, tensors - 1), tf.concat(of.slice(tensors - 1), 1)], scale: SCALE, heads, groups, bias, learned: true });
  }, inputs);

/** Largest difference of any result, relative to that result's largest value, or to 0.1: with one key its gradient is 0. */
const difference = (actual: NamedTensors, expected: NamedTensors): number => Math.max(...Object.entries(expected).map(([name, tensor]) => tf.tidy(() => {
  assert.deepEqual(actual[name]?.shape, tensor.shape, name);
  return Number(tf.div(tf.max(tf.abs(tf.sub(actual[name]!, tensor))), tf.maximum(tf.max(tf.abs(tensor)), 0.1)).dataSync()[0]);
})));

const SMALL = { batch: 2, heads: 6, groups: 6, asking: 4, length: 5, size: 3, bias: [2, 1, 1, 5] };
/** Enough scores for several pieces of work. */
const LARGE = { batch: 4, heads: 8, groups: 8, asking: 64, length: 128, size: 16, bias: [4, 1, 1, 128] };

for (const [name, sizes] of Object.entries<Sizes>({
  "a bias by text": SMALL,
  "a bias by position": { ...SMALL, bias: [1, 6, 4, 5] },
  "a bias by both": { ...SMALL, bias: [2, 6, 4, 5] },
  "a bias by pairs of positions": { ...SMALL, bias: [1, 1, 4, 5] },
  "one query a text": { ...SMALL, asking: 1 },
  "as many queries as keys": { ...SMALL, asking: 5 },
  "as many queries as keys, shared by two heads": { ...SMALL, asking: 5, groups: 3, size: 20 },
  "one key": { ...SMALL, length: 1, bias: [2, 1, 1, 1] },
  "heads of more numbers than a vector": { ...SMALL, length: 70, size: 40, bias: [2, 6, 4, 70] },
  "keys shared by three heads": { ...SMALL, groups: 2 },
  "many scores": LARGE,
  "many scores, keys shared by four heads": { ...LARGE, groups: 2 },
})) {
  for (const [tensors, dropping] of [3, 2, 1].flatMap((count) => [[count, false], [count, true]] as const)) {
    if (tensors === 1 && sizes.asking !== sizes.length) continue;
    test(`attention with ${name}${dropping ? " and dropout" : ""}, queries, keys and values in ${tensors}: values and gradients are those of the plain formula, recorded and not`, async () => {
      const inputs = inputsOf(sizes), seed = tf.tensor1d([3, 4], "int32"), before = tf.memory().numTensors;
      const given = dropping ? seed : undefined;
      const expected = tf.tidy(() => withGradients((...x) => plain(sizes, dropper(given && { seed: given }), x), inputs));
      const eager = tf.tidy(() => attended(sizes, tensors, inputs, given));
      assert.ok(difference(eager, expected) < 1e-5);
      const step = compileStep(({ seed: fed, ...others }) => attended(sizes, tensors, others, dropping ? fed : undefined));
      const recorded = await step.run({ ...inputs, seed }), again = await step.run({ ...inputs, seed });
      assert.ok(difference(recorded, expected) < 1e-5);
      assert.equal(difference(again, recorded), 0, "a run equals its repetition bit for bit");
      [expected, eager, recorded, again].forEach(disposeAll);
      step.dispose();
      assert.equal(tf.memory().numTensors, before);
      disposeAll({ ...inputs, seed });
    });
  }
}

test("a token that is masked has no weight, and a text of padding alone has equal ones", async () => {
  const inputs: NamedTensors = { queries: tf.ones([2, 4]), keys: tf.ones([6, 4]), values: tf.tensor2d([[1], [2], [30], [1], [2], [3]].map(([x]) => [x!, x!, x!, x!])) };
  const bias = tf.tensor4d([0, 0, -1e9, -1e9, -1e9, -1e9], [2, 1, 1, 3]);
  const run = ({ queries, keys, values, bias: given }: NamedTensors): NamedTensors => ({
    context: attend({ drop: dropper(), batchSize: 2, config: { attentionDropout: 0 } }, { of: [queries!, keys!, values!], scale: 1, heads: 2, bias: given! }),
  });
  const step = compileStep(run), { context } = await step.run({ ...inputs, bias });
  assert.deepEqual(await context!.array(), [[1.5, 1.5, 1.5, 1.5], [2, 2, 2, 2]]);
  disposeAll({ ...inputs, bias, context: context! });
  step.dispose();
});
