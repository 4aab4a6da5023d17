import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, engineInfo, startEngine, type StepFunction } from "../../lib/engine/index.js";
import { record } from "../../lib/engine/record.js";
import { hasOperations, tensorflowBackend } from "../../lib/engine/start.js";
import { sums } from "../../lib/engine/sums.js";
import { Unrecordable } from "../../lib/engine/graph.js";
import { gelu, linear, withBias } from "../../lib/models/ops.js";
import { disposeAll } from "../../lib/support/tensors.js";

before(async () => { await startEngine(); });

test("what reads a sum with a bias is given both; what reads another sum, or one that is in another shape, is not", () => {
  const found = sums();
  found.note("D90AddBias", "s", ["x", "b", "nothing"]);
  found.same("t", "s");
  found.same("u", "other");
  assert.deepEqual(found.read("D90Gelu", ["t", "nothing"]), ["x", "b"]);
  assert.deepEqual(found.read("D90GeluGradient", ["dy", "s", "nothing"]), ["dy", "x", "b"]);
  assert.deepEqual(found.read("D90Gelu", ["u", "nothing"]), ["u", "nothing"]);
  assert.deepEqual(found.read("D90Attention", ["s", "u", "t", "bias", "mask", "sizes", "scale", "none", "none", "none"]),
    ["x", "u", "x", "bias", "mask", "sizes", "scale", "b", "none", "b"]);
  assert.deepEqual(found.read("D90LayerNorm", ["s", "gamma"]), ["s", "gamma"]);
  assert.deepEqual(found.both(["r", "t"]), ["x", "b", "r"]);
  assert.deepEqual(found.both(["s", "r"]), ["x", "b", "r"]);
  assert.equal(found.both(["u", "r"]), undefined);
  assert.equal(found.both(["s", "s"]), undefined);
});

test("a layer norm's gradient is given the parts of a sum, up to four, and an update what a table's gradient is the sum of", () => {
  const found = sums();
  found.note("Add", "ab", ["a", "b"]);
  found.note("Add", "abc", ["ab", "c"]);
  found.note("Add", "abcd", ["d", "abc"]);
  found.note("Add", "abcde", ["abcd", "e"]);
  found.note("Mul", "product", ["a", "b"]);
  found.same("again", "ab");
  const gradient = (of: string): string[] => found.read("D90LayerNormGradient", [of, "x", "stats", "gamma", "none", "none", "none"]);
  assert.deepEqual(gradient("ab"), ["a", "x", "stats", "gamma", "b", "none", "none"]);
  assert.deepEqual(gradient("again"), gradient("ab"));
  assert.deepEqual(gradient("abcd"), ["d", "x", "stats", "gamma", "a", "b", "c"]);
  assert.deepEqual(gradient("abcde"), ["abcde", "x", "stats", "gamma", "none", "none", "none"]);
  assert.deepEqual(gradient("product"), ["product", "x", "stats", "gamma", "none", "none", "none"]);
  assert.deepEqual(found.read("D90Gelu", ["ab", "none"]), ["ab", "none"]);
  found.note("UnsortedSegmentSum", "table", ["rows", "ids", "count"]);
  found.same("table again", "table");
  assert.deepEqual(found.read("D90AdamW", ["value", "table again", "m", "v", "scalars", "settings", "none"]), ["value", "rows", "m", "v", "scalars", "settings", "ids"]);
  assert.deepEqual(found.read("D90SquareSum", ["table", "none"]), ["rows", "ids"]);
  assert.deepEqual(found.read("D90ColumnSum", ["table"]), ["table"]);
});

test("a recorded step with such sums gives what it gives op by op, whoever else reads them", async (t) => {
  if (engineInfo().mode !== "recorded" || !hasOperations()) return t.skip("no operations here");
  const step: StepFunction = ({ x, w, b, r, column }) => {
    const sum = withBias(x!, b!), [slope] = tf.grads((of) => tf.sum(tf.square(gelu(linear(of!, w!, b!)))))([x!]);
    return {
      gelu: gelu(sum), slope: slope!, flat: gelu(tf.reshape(sum, [-1])), same: gelu(tf.reshape(sum, [12, 20])), right: tf.add(sum, r!), left: tf.add(r!, sum), twice: tf.add(sum, sum),
      three: tf.add(tf.add(sum, r!), r!), ofBoth: gelu(tf.add(sum, r!)), broadcast: tf.add(sum, column!), sum,
    };
  };
  const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, "float32", seed);
  const inputs = { x: normal([12, 20], 1), b: normal([20], 2), r: normal([12, 20], 3), column: normal([12, 1], 4), w: normal([20, 20], 5) };
  const compiled = compileStep(step), results = await compiled.run(inputs), expected = tf.tidy(() => step(inputs));
  for (const [name, tensor] of Object.entries(results)) {
    assert.deepEqual(tensor.shape, expected[name]!.shape, name);
    assert.ok(tf.tidy(() => tf.max(tf.abs(tf.sub(tensor, expected[name]!))).dataSync()[0]!) < 1e-5, name);
  }
  const recording = record(tensorflowBackend()!, ({ x, b, r }) => ({ y: gelu(withBias(x!, b!)), z: tf.add(withBias(x!, b!), r!) }), inputs);
  assert.ok(!(recording instanceof Unrecordable));
  assert.doesNotMatch(Buffer.from(recording.savedModel).toString("latin1"), /\x12\x03Add\x1a/);
  recording.dispose();
  [inputs, results, expected].forEach(disposeAll);
  compiled.dispose();
});
