import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, startEngine, type CompiledStep } from "../../lib/engine/index.js";
import { bert } from "../../lib/models/bert.js";
import { loadModel } from "../../lib/models/load.js";
import { softmaxCrossEntropy } from "../../lib/models/ops.js";
import { readConfig } from "../../lib/models/registry.js";
import { padBatch } from "../../lib/models/tokenizer.js";
import type { Dropout, Model, ModelConfig, TokenBatch } from "../../lib/models/types.js";
import { projectRoot } from "../../lib/support/root.js";
import { disposeAll, shapesOf, sizeOf, type NamedTensors } from "../../lib/support/tensors.js";
import { assertGradients, floats, largestDifference, oraclePath, readGolden, type Golden } from "./golden.js";

before(async () => { await startEngine(); });

interface Inputs { parameters: NamedTensors; config: ModelConfig; batch: TokenBatch; dropout?: Dropout }

const logitsOf = ({ parameters, config, batch, dropout }: Inputs): tf.Tensor2D => bert.logits(parameters, config, batch, dropout);

/** Gradients of the mean cross-entropy by name, and the logits. */
function gradientsOf(inputs: Inputs, labels: number[]): { logits: tf.Tensor; gradients: NamedTensors } {
  return tf.tidy(() => {
    const names = Object.keys(inputs.parameters);
    const loss = (...values: tf.Tensor[]): tf.Scalar => {
      const parameters = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
      return softmaxCrossEntropy(logitsOf({ ...inputs, parameters }), tf.tensor1d(labels, "int32")) as tf.Scalar;
    };
    const gradients = tf.grads(loss)(Object.values(inputs.parameters));
    return { logits: logitsOf(inputs), gradients: Object.fromEntries(names.map((name, i) => [name, gradients[i]!])) };
  });
}

/** The batch of three texts of 12, 5 and 9 tokens, and the parameters, that bert.py made. */
async function tiny(): Promise<Inputs & { golden: Golden; labels: number[] }> {
  const golden = await readGolden("bert-tiny.safetensors");
  const { config } = await readConfig(oraclePath("bert-tiny"));
  const weights = await readGolden("bert-tiny/model.safetensors");
  const shapes = bert.shapes(config, 3);
  const parameters = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tf.tensor(floats(weights, name), [...shape])]));
  const ids = (name: string): tf.Tensor2D => tf.tensor2d(Int32Array.from(floats(golden, name)), [3, 12], "int32");
  const batch = { inputIds: ids("input_ids"), attentionMask: ids("attention_mask"), tokenTypeIds: ids("token_type_ids") };
  return { parameters, config, batch, golden, labels: [...floats(golden, "labels")] };
}

function disposeInputs({ parameters, batch }: Inputs): void {
  disposeAll(parameters);
  disposeAll({ ...batch });
}

test("names, order and shapes of the parameters are those of Transformers", async () => {
  const { config } = await readConfig(oraclePath("bert-tiny"));
  const weights = await readGolden("bert-tiny/model.safetensors");
  const shapes = bert.shapes(config, 3);
  assert.deepEqual(Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape])), shapes);
  assert.equal(Object.keys(shapes)[0], "bert.embeddings.word_embeddings.weight");
  assert.equal(Object.keys(shapes).at(-1), "classifier.bias");
});

test("a tiny BERT's logits and gradients are those of Transformers", async () => {
  const inputs = await tiny();
  const { logits, gradients } = gradientsOf(inputs, inputs.labels);
  assert.ok(largestDifference(logits.dataSync(), floats(inputs.golden, "logits")) < 1e-5);
  assert.deepEqual(shapesOf(gradients), shapesOf(inputs.parameters));
  assertGradients(inputs.golden, gradients, 1e-4);
});

for (const activation of ["gelu_new", "relu", "silu"] as const) {
  test(`with ${activation} a tiny BERT's logits are those of Transformers`, async () => {
    const { golden, config, ...inputs } = await tiny();
    const logits = logitsOf({ ...inputs, config: { ...config, activation } }).dataSync();
    assert.ok(largestDifference(logits, floats(golden, `logits/${activation}`)) < 1e-5);
  });
}

test("padding has no say: not its length, nor its ids and types", async () => {
  const { golden, batch, ...inputs } = await tiny();
  const isToken = tf.cast(batch.attentionMask, "bool");
  const refilled = (x: tf.Tensor2D, fill: number): tf.Tensor2D =>
    tf.pad(tf.where(isToken, x, tf.fill([3, 12], fill, "int32")) as tf.Tensor2D, [[0, 0], [0, 7]], fill);
  const padded = { inputIds: refilled(batch.inputIds, 13), attentionMask: refilled(batch.attentionMask, 0), tokenTypeIds: refilled(batch.tokenTypeIds, 1) };
  assert.ok(largestDifference(logitsOf({ ...inputs, batch: padded }).dataSync(), floats(golden, "logits")) < 1e-5);
});

test("a row that is all padding gives finite logits", async () => {
  const { batch, ...inputs } = await tiny();
  const logits = logitsOf({ ...inputs, batch: { ...batch, attentionMask: tf.zerosLike(batch.attentionMask) } });
  assert.ok(logits.dataSync().every(Number.isFinite));
});

test("the word embeddings may be the rows of one batch alone", async () => {
  const { golden, parameters, batch, ...inputs } = await tiny();
  const name = "bert.embeddings.word_embeddings.weight";
  const ids = [...batch.inputIds.dataSync()];
  const rows = [...new Set(ids)];
  const compact = { ...parameters, [name]: tf.gather(parameters[name]!, tf.tensor1d(rows, "int32")) };
  const inputIds = tf.tensor2d(ids.map((id) => rows.indexOf(id)), [3, 12], "int32");
  assert.ok(largestDifference(logitsOf({ ...inputs, parameters: compact, batch: { ...batch, inputIds } }).dataSync(), floats(golden, "logits")) < 1e-5);
});

test("a compiled step gives the same logits and gradients, and new dropout for a new seed", async () => {
  const inputs = await tiny();
  const { error } = console;
  const lines: unknown[] = [];
  console.error = (line: unknown) => lines.push(line); // what the engine says when it cannot record
  const compiled = (withDropout: boolean): CompiledStep => compileStep(({ inputIds, attentionMask, tokenTypeIds, seed, ...parameters }) => {
    const batch = { inputIds: inputIds as tf.Tensor2D, attentionMask: attentionMask as tf.Tensor2D, tokenTypeIds: tokenTypeIds as tf.Tensor2D };
    const { logits, gradients } = gradientsOf({ ...inputs, parameters, batch, ...(withDropout ? { dropout: { seed: seed! } } : {}) }, inputs.labels);
    return { logits, ...gradients };
  });
  const plain = compiled(false), dropping = compiled(true);
  try {
    const seed = tf.tensor1d([0, 0], "int32");
    const { logits, ...gradients } = await plain.run({ ...inputs.parameters, ...inputs.batch, seed });
    assert.ok(largestDifference(logits!.dataSync(), floats(inputs.golden, "logits")) < 1e-5);
    assertGradients(inputs.golden, gradients, 1e-4);
    for (const low of [1, 2]) {
      const dropout = { seed: tf.tensor1d([low, 3], "int32") };
      const results = await dropping.run({ ...inputs.parameters, ...inputs.batch, seed: dropout.seed });
      const eager = gradientsOf({ ...inputs, dropout }, inputs.labels);
      assert.ok(largestDifference(results.logits!.dataSync(), eager.logits.dataSync()) < 1e-5);
      for (const [name, gradient] of Object.entries(eager.gradients)) assert.ok(largestDifference(results[name]!.dataSync(), gradient.dataSync()) < 1e-4, name);
    }
    assert.deepEqual(lines, []);
  } finally {
    console.error = error;
    plain.dispose();
    dropping.dispose();
  }
});

test("dropout follows its seed, changes with it, and is none without one or at rate 0", async () => {
  const inputs = await tiny();
  const at = (low: number, rate?: number): Float32Array =>
    logitsOf({ ...inputs, dropout: { seed: tf.tensor1d([low, 5], "int32"), ...(rate === undefined ? {} : { rate }) } }).dataSync() as Float32Array;
  assert.deepEqual(at(1), at(1));
  assert.ok(largestDifference(at(1), at(2)) > 1e-3);
  assert.ok(largestDifference(at(1, 0.5), at(1, 0.1)) > 1e-3);
  assert.ok(largestDifference(at(1, 0), floats(inputs.golden, "logits")) < 1e-5);
});

test("logits and gradients leave nothing allocated, nor do errors", async () => {
  const start = tf.memory().numTensors;
  const inputs = await tiny();
  const seed = tf.tensor1d([1, 2], "int32");
  const { logits, gradients } = gradientsOf({ ...inputs, dropout: { seed } }, inputs.labels);
  disposeAll({ seed, logits, ...gradients });
  const before = tf.memory().numTensors;
  logitsOf(inputs).dispose();
  const { "bert.encoder.layer.1.output.dense.bias": _left, ...fewer } = inputs.parameters;
  assert.throws(() => logitsOf({ ...inputs, parameters: fewer }), /parameters must have "bert\.encoder\.layer\.1\.output\.dense\.bias"/);
  const narrow = tf.zeros([3, 11], "int32") as tf.Tensor2D, long = tf.zeros([3, 25], "int32") as tf.Tensor2D;
  assert.throws(() => logitsOf({ ...inputs, batch: { ...inputs.batch, attentionMask: narrow } }), /attentionMask must have the shape of inputIds, \[3,12\], got \[3,11\]/);
  assert.throws(() => logitsOf({ ...inputs, batch: { inputIds: long, attentionMask: long, tokenTypeIds: long } }), /at most 24 columns \(positions\), got 25/);
  disposeAll({ narrow, long });
  assert.equal(tf.memory().numTensors, before);
  disposeInputs(inputs);
  assert.equal(tf.memory().numTensors, start);
});

test("layers and heads are told by name", async () => {
  const { config } = await readConfig(oraclePath("bert-tiny"));
  const layers = new Set(Object.keys(bert.shapes(config, 2)).map(bert.layerOf));
  assert.deepEqual([...layers], ["embeddings", "layer.0", "layer.1", "head"]);
  assert.equal(bert.layerOf("bert.encoder.layer.11.output.dense.bias"), "layer.11");
  assert.deepEqual(bert.headNames(config), ["classifier.weight", "classifier.bias"]);
});

test("a checkpoint's names are understood with and without prefix, and in the old spelling", () => {
  assert.equal(bert.canonicalName("embeddings.LayerNorm.gamma"), "bert.embeddings.LayerNorm.weight");
  assert.equal(bert.canonicalName("bert.encoder.layer.0.output.LayerNorm.beta"), "bert.encoder.layer.0.output.LayerNorm.bias");
  assert.equal(bert.canonicalName("pooler.dense.bias"), "bert.pooler.dense.bias");
  assert.equal(bert.canonicalName("classifier.weight"), "classifier.weight");
  for (const name of ["cls.predictions.bias", "qa_outputs.weight", "embeddings.position_ids"]) assert.equal(bert.canonicalName(name), null);
});

/** The default model with the head of a golden file. */
async function pretrained(): Promise<Model> {
  const model = await loadModel({ labels: 2, headSeed: 0 });
  const head = await readGolden("bert-sentences.safetensors", "head/");
  for (const [name, { shape, values }] of Object.entries(head)) {
    model.parameters[name]!.dispose();
    model.parameters[name] = tf.tensor(values, [...shape]);
  }
  return model;
}

/** Compares the default model on labelled pairs with a golden file: logits within 1e-4, gradients within 1e-3 relative per tensor. */
async function comparePretrained(model: Model, golden: Golden, { pairs, length }: { pairs: { text: string; text2: string; label: number }[]; length: number }) {
  const encodings = pairs.map(({ text, text2 }) => model.tokenizer.encode(text, text2, length));
  const padded = padBatch(encodings, length, model.tokenizer.padId);
  const matrix = (values: Int32Array): tf.Tensor2D => tf.tensor2d(values, [pairs.length, length], "int32");
  const batch = { inputIds: matrix(padded.inputIds), attentionMask: matrix(padded.attentionMask), tokenTypeIds: matrix(padded.tokenTypeIds) };
  const { logits, gradients } = gradientsOf({ ...model, batch }, pairs.map(({ label }) => label));
  try {
    assert.ok(largestDifference(logits.dataSync(), floats(golden, "logits")) < 1e-4);
    assertGradients(golden, gradients, 1e-3);
  } finally {
    disposeAll({ logits, ...gradients, ...batch });
  }
}

test("the default model's logits and gradients on our own sentences are those of Transformers", async () => {
  const model = await pretrained();
  const { pairs } = JSON.parse(readFileSync(oraclePath("sentences.json"), "utf8")) as { pairs: { text: string; text2: string; label: number }[] };
  assert.equal(Object.values(shapesOf(model.parameters)).reduce((sum, shape) => sum + sizeOf(shape), 0), 22_713_986);
  await comparePretrained(model, await readGolden("bert-sentences.safetensors"), { pairs, length: 48 });
  model.dispose();
});

const mrpc = join(projectRoot, "..", "shared", "data", "glue", "MRPC");
test("the default model's logits and gradients on rows of MRPC are those of Transformers", { skip: !existsSync(mrpc) && "no ../shared/data" }, async () => {
  const model = await pretrained();
  for (const split of ["train", "dev"]) {
    const golden = await readGolden("bert-mrpc.safetensors", `${split}/`);
    const table = readFileSync(join(mrpc, `${split}.tsv`), "utf8").split(/\r?\n/).slice(1).map((line) => line.split("\t"));
    const pairs = [...floats(golden, "rows")].map((row) => table[row]!).map(([label, , , text, text2]) => ({ text: text!, text2: text2!, label: Number(label) }));
    await comparePretrained(model, golden, { pairs, length: floats(golden, "length")[0]! });
  }
  model.dispose();
});
