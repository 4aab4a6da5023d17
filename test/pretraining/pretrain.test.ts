import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { readConfig } from "../../lib/models/registry.js";
import { loadModel } from "../../lib/models/load.js";
import { pretrainingLogits, maskedLmLogits } from "../../lib/models/masked-lm.js";
import { readSafetensors } from "../../lib/models/safetensors.js";
import type { TokenBatch } from "../../lib/models/types.js";
import { pretrain, type PretrainOptions } from "../../lib/pretraining/index.js";
import { writeModel } from "../../lib/pretraining/output.js";
import { readVocabulary } from "../../lib/pretraining/vocabulary.js";
import { disposeAll } from "../../lib/support/tensors.js";
import { deviceTensors } from "../../lib/training/checkpoint.js";
import { withFolder } from "../models/folders.js";
import { floats, largestDifference, oraclePath, readGolden } from "../models/golden.js";
import { tinyOptions, writeText } from "./tiny.js";

before(async () => { await startEngine(); });

test("a pre-training leaves checkpoints and a model that d90 loads, perplexity falling, and no tensor", () => withFolder(async (folder) => {
  writeText(folder);
  const tensors = tf.memory().numTensors;
  const record = await pretrain(tinyOptions(folder, "model", { updates: 30, every: 10, dropout: 0 }));
  assert.equal(tf.memory().numTensors, tensors);
  assert.equal(record.outcome, "completed");
  const perplexities = record.evaluations.map(({ perplexity }) => perplexity);
  assert.equal(perplexities.length, 4);
  perplexities.slice(1).forEach((value, i) => assert.ok(value < perplexities[i]!, perplexities.join()));
  assert.ok(Math.abs(Math.log(perplexities[0]!) - Math.log(150)) < 0.2, "random weights guess uniformly");
  assert.deepEqual(readdirSync(join(folder, "model")).filter((name) => name.startsWith("checkpoint")), record.evaluations.map((one) => one.folder));
  const model = await loadModel({ model: join(folder, "model", "checkpoint-000020"), labels: 2, headSeed: 0, freshHead: true });
  assert.deepEqual(model.initialised, ["bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"]);
  assert.equal(model.sha256, record.evaluations[2]!.sha256);
  model.dispose();
}));

test("stopped and called again it ends with the bits of the undisturbed one; accumulated parts give the whole batch's gradient", () => withFolder(async (folder) => {
  writeText(folder);
  const whole = await pretrain(tinyOptions(folder, "whole"));
  const stop = new AbortController();
  const part = await pretrain({ ...tinyOptions(folder, "stopped"), signal: stop.signal, onEvent: (event) => { if (event.type === "step" && event.progress.update === 4) stop.abort(); } });
  assert.deepEqual([part.outcome, part.updates], ["interrupted", 4]);
  const rest = await pretrain(tinyOptions(folder, "stopped"));
  assert.deepEqual([rest.evaluations, rest.losses, rest.outcome], [whole.evaluations, whole.losses, "completed"]);
  const bytes = (out: string): Buffer => readFileSync(join(folder, out, "model.safetensors"));
  assert.ok(bytes("stopped").equals(bytes("whole")));
  const [one, two] = [await pretrain(tinyOptions(folder, "one", { dropout: 0 })), await pretrain(tinyOptions(folder, "two", { dropout: 0, accumulation: 2 }))];
  one.losses.forEach(({ loss }, i) => assert.ok(Math.abs(loss! - two.losses[i]!.loss!) < 2e-4, `${loss}, ${two.losses[i]!.loss}`));
}));

test("a folder of another pre-training is refused, and a finished one is left as it is", () => withFolder(async (folder) => {
  writeText(folder);
  const options = tinyOptions(folder, "model", { updates: 2, every: 2 });
  const record = await pretrain(options);
  assert.deepEqual({ ...(await pretrain(options)), tokensPerSecond: null }, { ...record, tokensPerSecond: null });
  await assert.rejects(pretrain(tinyOptions(folder, "model", { updates: 3, every: 2 })), /belongs to another pre-training .*Name another folder with --out, or delete this one/);
}));

test("a corpus that is too short says what is needed, before anything is trained", () => withFolder(async (folder) => {
  const text = writeText(folder);
  writeFileSync(join(text, "a.train.txt"), "one line of text\n");
  rmSync(join(text, "a.valid.txt"));
  await assert.rejects(pretrain(tinyOptions(folder, "model")), /gives 1 rows of 16 tokens \(\d+ tokens\) for train, but 4 are needed: take more text, shorter rows/);
  writeFileSync(join(text, "a.train.txt"), "");
  await assert.rejects(pretrain(tinyOptions(folder, "model")), /holds no word: its files are empty/);
  assert.ok(!existsSync(join(folder, "model", "pretraining.json")));
}));

test("a model that was written is what Transformers loaded, and its logits are Transformers'", () => withFolder(async (folder) => {
  const golden = await readGolden("pretrained.safetensors"), { config } = await readConfig(oraclePath("pretrained"));
  const parameters = deviceTensors((await readSafetensors(oraclePath("pretrained/model.safetensors"))).tensors);
  const json = JSON.parse(readFileSync(oraclePath("pretrained/config.json"), "utf8")) as Record<string, unknown>;
  await writeModel(folder, { config: json, parameters, vocabulary: await readVocabulary(oraclePath("pretrained/tokenizer.json")), length: 24 });
  for (const name of ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]) {
    assert.ok(readFileSync(join(folder, name)).equals(readFileSync(oraclePath(`pretrained/${name}`))), name);
  }
  const shape = golden["input_ids"]!.shape as [number, number], [rows, length] = shape;
  const matrix = (name: string): tf.Tensor2D => tf.tensor2d(Int32Array.from(floats(golden, name)), shape, "int32");
  const batch: TokenBatch = { inputIds: matrix("input_ids"), attentionMask: matrix("attention_mask"), tokenTypeIds: tf.zeros(shape, "int32") };
  const positions = tf.range(0, rows * length, 1, "int32"), logits = maskedLmLogits({ parameters, config, batch, positions });
  assert.ok(largestDifference(logits.dataSync(), floats(golden, "logits")) < 1e-5);
  disposeAll({ ...parameters, ...batch, positions, logits });
}));

test("with the next-sentence task it is stopped and goes on with the same bits, in parts it is the whole batch's, and each checkpoint tells both losses", () => withFolder(async (folder) => {
  writeText(folder);
  const options = (out: string, settings: PretrainOptions["settings"] = {}) => tinyOptions(folder, out, { nextSentence: true, length: 24, ...settings });
  const tensors = tf.memory().numTensors, whole = await pretrain(options("whole"));
  assert.equal(tf.memory().numTensors, tensors);
  assert.ok(whole.evaluations.every(({ loss, perplexity, nextSentence }) => perplexity === Math.exp(loss) && nextSentence!.loss > 0 && nextSentence!.accuracy <= 1));
  assert.ok(Math.abs(whole.evaluations[0]!.nextSentence!.loss - Math.log(2)) < 0.1, "random weights guess");
  const stop = new AbortController();
  await pretrain({ ...options("stopped"), signal: stop.signal, onEvent: (event) => { if (event.type === "step" && event.progress.update === 4) stop.abort(); } });
  const rest = await pretrain(options("stopped"));
  assert.deepEqual([rest.evaluations, rest.losses], [whole.evaluations, whole.losses]);
  const [one, two] = [await pretrain(options("one", { dropout: 0 })), await pretrain(options("two", { dropout: 0, accumulation: 2 }))];
  one.losses.forEach(({ loss }, i) => assert.ok(Math.abs(loss! - two.losses[i]!.loss!) < 2e-4, `${loss}, ${two.losses[i]!.loss}`));
  const plain = await pretrain(tinyOptions(folder, "plain", { length: 24 }));
  assert.notEqual(plain.id, whole.id);
  assert.ok(!("nextSentence" in plain.configuration), "a record without the task is what it was");
  const model = await loadModel({ model: join(folder, "whole"), labels: 2, headSeed: 0, freshHead: true });
  assert.deepEqual(model.initialised, ["classifier.weight", "classifier.bias"], "the pooler is pre-trained");
  model.dispose();
}));

test("a model of both tasks has the logits that Transformers' BertForPreTraining computes of it", async () => {
  const golden = await readGolden("pretrained-pairs.safetensors"), { config } = await readConfig(oraclePath("pretrained-pairs"));
  const parameters = deviceTensors((await readSafetensors(oraclePath("pretrained-pairs/model.safetensors"))).tensors);
  const shape = golden["input_ids"]!.shape as [number, number], [rows, length] = shape;
  const matrix = (name: string): tf.Tensor2D => tf.tensor2d(Int32Array.from(floats(golden, name)), shape, "int32");
  const batch: TokenBatch = { inputIds: matrix("input_ids"), attentionMask: matrix("attention_mask"), tokenTypeIds: matrix("token_type_ids") };
  const positions = tf.range(0, rows * length, 1, "int32"), { masked, nextSentence } = pretrainingLogits({ parameters, config, batch, positions });
  assert.ok(largestDifference(masked.dataSync(), floats(golden, "logits")) < 1e-5);
  assert.ok(largestDifference(nextSentence.dataSync(), floats(golden, "next_sentence_logits")) < 1e-5);
  disposeAll({ ...parameters, ...batch, positions, masked, nextSentence });
});
