import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readConfig } from "../../lib/models/registry.js";
import { readSafetensors, SafetensorsError, writeSafetensors, type HostTensor } from "../../lib/models/safetensors.js";
import { readWeights, type Weights } from "../../lib/models/weights.js";
import { UsageError } from "../../lib/support/checks.js";
import { canonicalJson, sha256, sha256OfFile } from "../../lib/support/files.js";
import { withFolder, writeTinyModel } from "./folders.js";

type Tensors = Record<string, HostTensor>;

/** Reads the tiny BERT's weights after `change` has been made to them or to the folder. */
async function readChanged(folder: string, change: (tensors: Tensors) => Tensors | void, { freshHead = false } = {}): Promise<Weights> {
  const path = join(writeTinyModel(folder), "model.safetensors");
  const { tensors } = await readSafetensors(path);
  const changed = change(tensors);
  if (changed !== undefined) await writeSafetensors(path, changed);
  const { architecture, config } = await readConfig(folder);
  return readWeights({ folder, architecture, shapes: architecture.shapes(config, 3), freshHead,
    optional: new Set(architecture.optionalNames(config)), head: new Set(architecture.headNames(config)) });
}

const renamed = (tensors: Tensors, rename: (name: string) => string): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor]));
const filled = (shape: number[]): HostTensor => ({ shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) });

test("a whole checkpoint is read, with the hash of its file", () => withFolder(async (folder) => {
  const { values, sha256: hash } = await readChanged(folder, () => undefined);
  const { tensors } = await readSafetensors(join(folder, "model.safetensors"));
  assert.deepEqual(values, Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.values])));
  assert.equal(hash, await sha256OfFile(join(folder, "model.safetensors")));
}));

test("names without prefix, in the old spelling, and tensors of other heads are understood", () => withFolder(async (folder) => {
  const plain = await readChanged(folder, () => undefined);
  const { values } = await readChanged(folder, (tensors) => ({
    ...renamed(tensors, (name) => name.replace(/^bert\./, "").replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")),
    "cls.predictions.bias": filled([64]), "embeddings.position_ids": filled([1, 24]),
  }));
  assert.deepEqual(values, plain.values);
}));

test("pooler and classifier may be absent, and a fresh head leaves out the checkpoint's", () => withFolder(async (folder) => {
  const { values } = await readChanged(folder, (tensors) => Object.fromEntries(Object.entries(tensors).filter(([name]) => !/pooler|classifier/.test(name))));
  assert.equal(Object.keys(values).filter((name) => /pooler|classifier/.test(name)).length, 0);
  const fresh = await readChanged(folder, (tensors) => ({ ...tensors, "classifier.weight": filled([7, 16]) }), { freshHead: true });
  assert.ok(!("classifier.weight" in fresh.values) && !("classifier.bias" in fresh.values) && "bert.pooler.dense.bias" in fresh.values);
}));

const bad: [string, (tensors: Tensors) => Tensors, RegExp][] = [
  ["a missing tensor", ({ "bert.encoder.layer.1.output.dense.weight": _missing, ...rest }) => rest, /its weights lack bert\.encoder\.layer\.1\.output\.dense\.weight;/],
  ["many missing tensors", (tensors) => Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.includes("layer.1"))), /lack .*, .*, .* and 13 more/],
  ["an unexpected tensor", (tensors) => ({ ...tensors, "bert.encoder.layer.2.output.dense.bias": filled([16]) }), /tensor "bert\.encoder\.layer\.2\.output\.dense\.bias" is unexpected/],
  ["a tensor named like a method", (tensors) => ({ ...tensors, toString: filled([16]) }), /tensor "toString" is unexpected/],
  ["a transposed tensor", (tensors) => ({ ...tensors, "bert.encoder.layer.0.output.dense.weight": filled([32, 16]) }), /dense\.weight" must be \[16,32\] by config\.json and labels, got \[32,16\]\.$/],
  ["a head for other labels", (tensors) => ({ ...tensors, "classifier.weight": filled([5, 16]) }), /"classifier\.weight" must be \[3,16\] .*, got \[5,16\]\. Ask for a fresh head to replace it/],
  ["two tensors for one parameter", (tensors) => ({ ...tensors, "pooler.dense.bias": filled([16]) }), /tensor "pooler\.dense\.bias" stands for bert\.pooler\.dense\.bias, as another one does/],
];
for (const [name, change, message] of bad) {
  test(`${name} is an error that names it`, () => withFolder((folder) => assert.rejects(readChanged(folder, change),
    (error) => (error instanceof SafetensorsError || error instanceof UsageError) && error.message.includes(folder) && message.test(error.message))));
}

/** Splits the tiny BERT's weights over two shards; `index` may change the index. */
async function readShards(folder: string, index: (shardOf: Record<string, string>) => unknown = (shardOf) => ({ weight_map: shardOf })): Promise<Weights> {
  const path = join(writeTinyModel(folder), "model.safetensors");
  const entries = Object.entries((await readSafetensors(path)).tensors);
  const shards = [entries.slice(0, 20), entries.slice(20)];
  const shardOf: Record<string, string> = {};
  for (const [i, shard] of shards.entries()) {
    const name = `model-0000${i + 1}-of-00002.safetensors`;
    await writeSafetensors(join(folder, name), Object.fromEntries(shard));
    for (const [tensor] of shard) shardOf[tensor] = name;
  }
  writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify(index(shardOf)));
  rmSync(path);
  const { architecture, config } = await readConfig(folder);
  return readWeights({ folder, architecture, shapes: architecture.shapes(config, 3), freshHead: false, optional: new Set(), head: new Set() });
}

test("shards are read as one, and hashed as a set", () => withFolder(async (folder) => {
  const whole = await readChanged(folder, () => undefined);
  const { values, sha256: hash } = await readShards(folder);
  assert.deepEqual(values, whole.values);
  const names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
  const hashes = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await sha256OfFile(join(folder, name))] as const)));
  assert.equal(hash, sha256(canonicalJson(hashes)));
  assert.ok(!existsSync(join(folder, "model.safetensors")));
}));

const first = "model-00001-of-00002.safetensors", second = "model-00002-of-00002.safetensors";
const badIndex: [string, (shardOf: Record<string, string>) => unknown, RegExp][] = [
  ["without weight_map", () => ({}), /weight_map must map tensors to files, got \{\}/],
  ["that leads outside the folder", (shardOf) => ({ weight_map: { ...shardOf, x: "../../secret.safetensors" } }), /files in its own folder, got "\.\.\/\.\.\/secret\.safetensors"/],
  ["that names an absent shard", (shardOf) => ({ weight_map: { ...shardOf, x: "model-3.safetensors" } }), /model-3\.safetensors does not exist, but .*index\.json names it/],
  ["that promises a tensor in the wrong shard", (shardOf) => ({ weight_map: { ...shardOf, "classifier.bias": shardOf["classifier.bias"] === first ? second : first } }), /lacks "classifier\.bias", which .* says it has/],
  ["that leaves a tensor out", ({ "classifier.bias": _left, ...shardOf }) => ({ weight_map: shardOf }), /holds "classifier\.bias", which .* does not place there/],
];
for (const [name, index, message] of badIndex) {
  test(`an index ${name} is refused`, () => withFolder((folder) => assert.rejects(readShards(folder, index), message)));
}

test("a folder without weights says what is missing, and how to convert what is there", () => withFolder(async (folder) => {
  await assert.rejects(readChanged(folder, () => rmSync(join(folder, "model.safetensors"))), /has neither model\.safetensors nor model\.safetensors\.index\.json\.$/);
  writeFileSync(join(folder, "pytorch_model.bin"), "");
  await assert.rejects(readChanged(folder, () => rmSync(join(folder, "model.safetensors"))), /It has pytorch_model\.bin; convert that/);
}));
