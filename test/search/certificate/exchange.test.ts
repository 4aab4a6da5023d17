import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { after } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { CodecError, decodeModel, encodeModel } from "../../../lib/bounds/codec/index.js";
import { loadModel } from "../../../lib/models/load.js";
import { readSafetensors, writeSafetensors } from "../../../lib/models/safetensors.js";
import { openStore } from "../../../lib/records/store.js";
import { applyFile, exportRun } from "../../../lib/search/certificate/index.js";
import { evaluateOn, withDecoded } from "../../../lib/search/certificate/measure.js";
import { UsageError } from "../../../lib/support/checks.js";
import { runTrial } from "../../../lib/training/trial.js";
import { temporaryFolder } from "../../models/folders.js";
import { configurationIn, openWorld, writeWorld } from "../../training/world.js";

const { folder, remove } = temporaryFolder();
after(remove);
writeWorld(folder);
const out = join(folder, "runs"), store = openStore(out), model = join(folder, "model"), file = join(folder, "mine.d90");
const session = await openWorld(folder);
after(() => session.dispose());

for (const [method, head] of [["did", "projected"], ["said", "projected"], ["did", "free"], ["did", "frozen"]] as const) {
  test(`${method} with a ${head} head: the applied folder is the decoded model, bit for bit`, async () => {
    const { id } = await runTrial(session, configurationIn(session, { method }, { head, epochs: 1 }), { store });
    const { bytes } = await exportRun({ out, data: join(folder, "data"), run: id, file, levels: 16 });
    const content = readFileSync(file), made = join(folder, `${method}-${head}`);
    assert.equal(bytes, content.length);
    await applyFile({ file, folder: made, model });
    const merged = await loadModel({ model: made, labels: 2, headSeed: 0 });
    try {
      await withDecoded(session, content, async (parameters) => {
        for (const [name, tensor] of Object.entries(parameters)) assert.deepEqual(merged.parameters[name].dataSync(), tensor.dataSync(), name);
        const decoded = await evaluateOn(session, parameters, { set: session.dev }), again = await evaluateOn(session, merged.parameters, { set: session.dev });
        assert.deepEqual(again.logits, decoded.logits);
      });
    } finally {
      merged.dispose();
    }
  });
}

test("the folder has labels, tokenizer and length for Transformers", () => {
  const made = join(folder, "did-projected");
  const config = JSON.parse(readFileSync(join(made, "config.json"), "utf8")) as Record<string, unknown>;
  assert.deepEqual(config.architectures, ["BertForSequenceClassification"]);
  assert.deepEqual(config.id2label, { 0: "not_equivalent", 1: "equivalent" });
  const tokenizer = JSON.parse(readFileSync(join(made, "tokenizer_config.json"), "utf8")) as Record<string, unknown>;
  assert.equal(tokenizer.model_max_length, 16);
  assert.deepEqual(tokenizer.model_input_names, ["input_ids", "token_type_ids", "attention_mask"]);
  assert.ok(existsSync(join(made, "tokenizer.json")));
});

test("another base model is refused by its hash, before anything is written", async () => {
  const other = join(folder, "other"), weights = join(model, "model.safetensors");
  mkdirSync(other);
  for (const name of ["config.json", "tokenizer.json"]) copyFileSync(join(model, name), join(other, name));
  const { tensors } = await readSafetensors(weights);
  Object.values(tensors)[0].values[0] += 1;
  await writeSafetensors(join(other, "model.safetensors"), tensors);
  const before = tf.memory().numTensors;
  await assert.rejects(applyFile({ file, folder: join(folder, "never"), model: other }),
    (error) => error instanceof UsageError && /made for a base model with SHA-256 [0-9a-f]{12}, got .*Name the base model with --model/.test(error.message));
  assert.equal(existsSync(join(folder, "never")), false);
  assert.equal(tf.memory().numTensors, before);
});

test("a cut, an altered and a foreign file are refused, and so is a folder in use", async () => {
  const bad = join(folder, "bad.d90"), content = readFileSync(file), never = join(folder, "never");
  const refused = (): Promise<void> => assert.rejects(applyFile({ file: bad, folder: never, model }), (error) => error instanceof CodecError && error.message.startsWith(bad));
  copyFileSync(file, bad);
  truncateSync(bad, content.length - 3);
  await refused();
  writeFileSync(bad, content.map((byte, i) => (i === 100 ? byte ^ 1 : byte)));
  await refused();
  writeFileSync(bad, "not a model at all");
  await refused();
  await assert.rejects(applyFile({ file, folder: model, model }), /is not empty\. Name a new folder/);
  await assert.rejects(applyFile({ file: join(folder, "none"), folder: never, model }), /cannot be read \(ENOENT\)/);
});

test("hostile files with a right checksum are refused: unknown P, wrong sizes, more numbers than the model has", async () => {
  const bad = join(folder, "bad.d90"), good = decodeModel(readFileSync(file));
  const { codebook } = good.parts[0], numbers = (count: number) => ({ codebook, indices: new Uint8Array(count) });
  const hostile = [
    { header: { ...good.header, projection: "../../etc" }, parts: good.parts }, { ...good, parts: [...good.parts, ...good.parts] },
    { ...good, parts: [numbers(1_000_000)] }, { header: { ...good.header, method: "said" as const }, parts: [numbers(3)] },
    { header: { ...good.header, architecture: "roberta" }, parts: good.parts },
  ];
  const before = tf.memory().numTensors;
  for (const each of hostile) {
    writeFileSync(bad, encodeModel(each).bytes);
    await assert.rejects(applyFile({ file: bad, folder: join(folder, "never"), model }), UsageError);
  }
  assert.equal(existsSync(join(folder, "never")), false);
  assert.equal(tf.memory().numTensors, before);
});
