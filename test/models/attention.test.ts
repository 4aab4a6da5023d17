import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { before, test } from "node:test";
import { promisify } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, engineInfo, startEngine } from "../../lib/engine/index.js";
import { attend } from "../../lib/models/attention.js";
import { dropper, type Dropper } from "../../lib/models/dropout.js";
import { disposeAll, type NamedTensors } from "../../lib/support/tensors.js";

before(async () => { await startEngine(); });

interface Sizes { batch: number; heads: number; groups: number; asking: number; length: number; size: number; bias: number[] }

const RATE = 0.25;
const config = { attentionDropout: RATE };
const names = ["queries", "keys", "values", "bias"];

const shapesOf = ({ batch, heads, groups, asking, length, size, bias }: Sizes): number[][] =>
  [[batch, heads, asking, size], [batch, groups, length, size], [batch, groups, length, size], bias];

const inputsOf = (sizes: Sizes): NamedTensors =>
  Object.fromEntries(shapesOf(sizes).map((shape, i) => [names[i]!, tf.randomNormal(shape, 0, 1, "float32", i + 1)]));

/** The formula, every query with a copy of the key that it shares; autodiff's gradients. */
function plain({ batch, heads, groups, asking, size }: Sizes, drop: Dropper, [queries, keys, values, bias]: tf.Tensor[]): tf.Tensor {
  const own = (x: tf.Tensor): tf.Tensor => tf.concat(Array.from({ length: heads }, (_, head) => tf.slice(x, [0, Math.floor(head * groups / heads)], [-1, 1])), 1);
  const scores = tf.add(tf.matMul(queries!, tf.transpose(own(keys!), [0, 1, 3, 2])), bias!);
  const weights = tf.exp(tf.sub(scores, tf.logSumExp(scores, -1, true)));
  return tf.reshape(tf.transpose(tf.matMul(drop(weights, RATE), own(values!)), [0, 2, 1, 3]), [batch * asking, heads * size]);
}

/** A context and the gradients of what it is weighted to, by `op`. */
function withGradients(op: (...x: tf.Tensor[]) => tf.Tensor, inputs: NamedTensors): NamedTensors {
  const tensors = names.map((name) => inputs[name]!), value = op(...tensors);
  const weights = tf.randomNormal(value.shape, 0, 1, "float32", 9);
  const gradients = tf.grads((...x) => tf.sum(tf.mul(op(...x), weights)))(tensors);
  return { value, ...Object.fromEntries(names.map((name, i) => [name, gradients[i]!])) };
}

const attended = (inputs: NamedTensors, seed?: tf.Tensor): NamedTensors =>
  withGradients((queries, keys, values, bias) => attend({ drop: dropper(seed && { seed }), config }, { queries: queries!, keys: keys!, values: values!, bias: bias! }), inputs);

/** Largest difference of any result, relative to that result's largest value. */
const difference = (actual: NamedTensors, expected: NamedTensors): number => Math.max(...Object.entries(expected).map(([name, tensor]) => tf.tidy(() => {
  assert.deepEqual(actual[name]?.shape, tensor.shape, name);
  return Number(tf.div(tf.max(tf.abs(tf.sub(actual[name]!, tensor))), tf.max(tf.abs(tensor))).dataSync()[0]);
})));

const SMALL = { batch: 2, heads: 6, groups: 6, asking: 4, length: 5, size: 3, bias: [2, 1, 1, 5] };
/** Enough scores to be compiled. */
const LARGE = { batch: 4, heads: 8, groups: 8, asking: 64, length: 128, size: 16, bias: [4, 1, 1, 128] };

for (const [name, sizes] of Object.entries<Sizes>({
  "a bias by text": SMALL,
  "a bias by position": { ...SMALL, bias: [1, 6, 4, 5] },
  "a bias by both": { ...SMALL, bias: [2, 6, 4, 5] },
  "one query a text": { ...SMALL, asking: 1 },
  "keys shared by three heads": { ...SMALL, groups: 2 },
  "many scores": LARGE,
  "many scores, keys shared by four heads": { ...LARGE, groups: 2 },
})) {
  for (const dropping of [false, true]) {
    test(`attention with ${name}${dropping ? " and dropout" : ""}: values and gradients are those of the plain formula, recorded and not`, async () => {
      const inputs = inputsOf(sizes), seed = tf.tensor1d([3, 4], "int32"), before = tf.memory().numTensors;
      const given = dropping ? seed : undefined;
      const expected = tf.tidy(() => withGradients((...x) => plain(sizes, dropper(given && { seed: given }), x), inputs));
      const eager = tf.tidy(() => attended(inputs, given));
      assert.ok(difference(eager, expected) < 1e-5);
      const step = compileStep(({ seed: fed, ...tensors }) => attended(tensors, dropping ? fed : undefined));
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

test("with bfloat16 the products of many scores are bfloat16's", async (t) => {
  if (engineInfo().mode !== "recorded") return t.skip("no recorded steps here");
  const script = `
    import { compileStep, startEngine } from ${JSON.stringify(import.meta.resolve("../../lib/engine/index.js"))};
    import { attend } from ${JSON.stringify(import.meta.resolve("../../lib/models/attention.js"))};
    import { dropper } from ${JSON.stringify(import.meta.resolve("../../lib/models/dropout.js"))};
    import * as tf from ${JSON.stringify(import.meta.resolve("@tensorflow/tfjs-core"))};
    await startEngine({ bf16: true });
    const run = (inputs) => ({ context: attend({ drop: dropper(), config: { attentionDropout: 0 } }, inputs) });
    const inputs = Object.fromEntries(${JSON.stringify(shapesOf(LARGE))}.map((shape, i) => [${JSON.stringify(names)}[i], tf.randomNormal(shape, 0, 1, "float32", i + 1)]));
    const { context } = await compileStep(run).run(inputs), exact = run(inputs).context;
    console.log(tf.max(tf.abs(tf.sub(context, exact))).dataSync()[0] / tf.max(tf.abs(exact)).dataSync()[0]);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  assert.ok(Number(stdout) > 1e-4 && Number(stdout) < 2e-2, stdout);
});
