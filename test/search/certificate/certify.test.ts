import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { after } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { decodeModel, fitCodebook } from "../../../lib/bounds/codec/index.js";
import { readBoundRecord, recordedBounds } from "../../../lib/records/boundRecord.js";
import { openStore } from "../../../lib/records/store.js";
import { certifyRun, compressRun, searchBound } from "../../../lib/search/certificate/index.js";
import { errorOf, evaluateOn, withDecoded } from "../../../lib/search/certificate/measure.js";
import { throughQuantiser } from "../../../lib/search/certificate/throughQuantiser.js";
import { initialiseHead } from "../../../lib/models/load.js";
import { sha256 } from "../../../lib/support/files.js";
import { disposeAll } from "../../../lib/support/tensors.js";
import { reparameterisationOf, runTrial } from "../../../lib/training/trial.js";
import { temporaryFolder } from "../../models/folders.js";
import { configurationIn, openWorld, withWorld, writeScores, writeWorld } from "../../training/world.js";

const { folder, remove } = temporaryFolder();
after(remove);
writeWorld(folder);
const out = join(folder, "runs"), store = openStore(out);
const session = await openWorld(folder);
after(() => session.dispose());
const record = await runTrial(session, configurationIn(session), { store });
const place = { out, data: join(folder, "data") };

test("a run's bound rests on all rows, and its file decodes to the model that was measured", async () => {
  const bound = await certifyRun({ ...place, run: record.id, levels: [4, 16], tried: [{ name: "d", candidates: 4 }] });
  const path = store.folderOf(record.id), bytes = readFileSync(join(path, "model.d90"));
  assert.deepEqual(await readBoundRecord(join(path, "bound.json")), bound);
  assert.equal(bound.file.sha256, sha256(bytes));
  assert.equal(bound.rows, session.train.labels.length);
  const error = await withDecoded(session, bytes, async (parameters) => errorOf(await evaluateOn(session, parameters, { set: session.train }), session.train.labels));
  assert.equal(bound.errors.train, error);
  assert.deepEqual(bound.choices, [{ name: "d", candidates: 4 }, { name: "levels", candidates: 2 }]);
  assert.deepEqual(bound.candidates.map(({ levels }) => levels), [4, 16]);
  assert.ok(bound.bounds.every(({ terms }) => Math.abs(terms[0].value - error) < 1e-12 || terms[0].value === bound.bounds.at(-1)!.terms[0].value));
  const { subsample } = bound, drawn = bound.bounds.find(({ name }) => name === "subsampled");
  assert.equal(subsample?.rows, session.train.labels.length);
  assert.equal(drawn?.terms[0].value, subsample?.error);
  assert.equal(bound.bounds.some(({ name }) => name === "split-prior"), false);
  assert.deepEqual((await recordedBounds(out)).map(({ trial }) => trial), [record.id]);
});

test("what is charged is at least the real bits of what depends on the data", async () => {
  const { bytes, bits, file } = await compressRun(session, record, { store, levels: 16 });
  assert.deepEqual(decodeModel(bytes), file);
  const description = 8 * (4 + 4 + 8 + 32 + 2 + 3 + file.header.architecture.length + file.header.projection.length + file.header.task.length + 8);
  assert.equal(bits.charged + description, 8 * bytes.length);
  const bound = await certifyRun({ ...place, run: record.id, levels: [16] });
  assert.ok(bound.bounds[0].chargedBits >= bits.charged);
});

test("256 levels predict as the unquantised model does", async () => {
  const bound = await certifyRun({ ...place, run: record.id, levels: [256] });
  assert.ok(Math.abs(bound.errors.dev - bound.errors.devBefore!) <= 0.05, `${bound.errors.dev} after ${bound.errors.devBefore}`);
});

test("updates through the quantiser keep the numbers on its levels, and change the file", async () => {
  const before = tf.memory().numTensors;
  const plain = await compressRun(session, record, { store, levels: 4 }), tuned = await compressRun(session, record, { store, levels: 4, tuneSteps: 6 });
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(tuned.file.parts[0].codebook, plain.file.parts[0].codebook);
  assert.notDeepEqual(tuned.file.parts[0].indices, plain.file.parts[0].indices);
  assert.deepEqual((await compressRun(session, record, { store, levels: 4, tuneSteps: 6 })).bytes, tuned.bytes);
});

test("the model that is trained on sees exactly the decoded numbers, and gradients pass straight through", () => {
  const head = initialiseHead(session.model, 3), before = tf.memory().numTensors;
  const inner = reparameterisationOf(session, configurationIn(session), { ...session.model.parameters, ...head });
  const values = Float32Array.from({ length: 40 }, (_unused, i) => Math.sin(i)), trained = { z: tf.tensor1d(values) };
  const codebook = fitCodebook(values, { quantiser: "codebook", levels: 4 });
  const wrapped = throughQuantiser(inner, { trained, codebooks: { z: codebook } });
  const rounded = { z: tf.tensor1d(Array.from(values, (value) => codebook.values.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a)))) };
  const theta = wrapped.parameters(trained), expected = inner.parameters(rounded);
  for (const [name, tensor] of Object.entries(theta)) {
    const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(tensor, expected[name]))).dataSync()[0]);
    assert.ok(difference < 1e-6, `${name}: ${difference}`);
  }
  const { inStep } = wrapped;
  assert.ok(inStep);
  const within = tf.tidy(() => inStep.parameters({ ...inStep.constants, ...inStep.before(trained) }));
  for (const [name, tensor] of Object.entries(within)) {
    const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(tensor, expected[name]))).dataSync()[0]);
    assert.ok(difference < 1e-6, `${name}, within a step: ${difference}`);
  }
  disposeAll(within);
  const slope = wrapped.gradients(trained, expected), straight = inner.gradients(rounded, expected);
  assert.deepEqual(slope.z.dataSync(), straight.z.dataSync());
  for (const owned of [theta, expected, slope, straight, rounded, trained]) disposeAll(owned);
  wrapped.dispose();
  inner.dispose();
  assert.equal(tf.memory().numTensors, before);
  disposeAll(head);
});

test("a search charges every combination and returns the tightest first", async () => {
  const options = { ...place, model: join(folder, "model"), settings: { epochs: 1, batchSize: 8, maxLength: 16 }, ds: [10, 20], rates: [0.05], levels: [4] };
  const found = await searchBound(options);
  assert.equal(found.length, 2);
  assert.ok(found[0].bounds[0].value <= found[1].bounds[0].value);
  assert.deepEqual(found[0].choices.slice(0, 2), [{ name: "d", candidates: 2 }, { name: "learning rate", candidates: 1 }]);
  assert.ok(found[0].bounds[0].charged.some(({ what, bits }) => what === "d" && bits === 1));
});

test("a task of numbers is refused before anything is trained", async () => {
  const data = writeScores(folder), before = (await store.list()).records.length;
  await assert.rejects(searchBound({ out, data, model: join(folder, "model"), task: "stsb", ds: [10] }),
    /bound: task stsb predicts numbers, and these bounds are about the share of wrong classes\. Name a task with classes/);
  assert.equal((await store.list()).records.length, before);
});

test("epochs that were chosen among, and what was tried before, are charged", async () => {
  const settings = { batchSize: 8, maxLength: 16 };
  const [{ choices, bounds: [occam] }] = await searchBound({ ...place, model: join(folder, "model"), settings, ds: [10], epochs: [1, 2], levels: [4],
    tried: [{ name: "batch", candidates: 4 }] });
  assert.deepEqual(choices.filter(({ candidates }) => candidates > 1), [{ name: "epochs", candidates: 2 }, { name: "batch", candidates: 4 }]);
  assert.deepEqual(occam.charged.filter(({ what }) => what === "epochs" || what === "batch").map(({ bits }) => bits), [1, 2]);
});

test("random labels give nothing but vacuous bounds", () => withWorld(async (_session, other) => {
  const path = join(other, "data", "train.tsv"), lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const shuffled = lines.map((line, i) => (i === 0 ? line : `${i % 2}${line.slice(1)}`));
  writeFileSync(path, `${shuffled.join("\n")}\n`);
  const random = await openWorld(other);
  try {
    const { id } = await runTrial(random, configurationIn(random), { store: openStore(join(other, "runs")) });
    const { bounds } = await certifyRun({ out: join(other, "runs"), data: join(other, "data"), run: id, levels: [4] });
    assert.deepEqual(bounds.filter(({ vacuous }) => !vacuous), []);
  } finally {
    random.dispose();
  }
}));

test("what a file cannot hold, and what is gone, is said", async () => {
  const full = await runTrial(session, configurationIn(session, { method: "full", d: null, learningRate: 1e-3 }), { store });
  await assert.rejects(certifyRun({ ...place, run: full.id }), /was trained by full; a model\.d90 holds the numbers of did or said/);
  rmSync(join(store.folderOf(record.id), "trained.safetensors"));
  await assert.rejects(certifyRun({ ...place, run: record.id }), /trained\.safetensors is not there: the run was copied without it/);
});
