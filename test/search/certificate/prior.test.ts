import assert from "node:assert/strict";
import { join } from "node:path";
import test, { after } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { openStore } from "../../../lib/records/store.js";
import { certifyRun } from "../../../lib/search/certificate/index.js";
import { errorOf, evaluateOn, redrawn } from "../../../lib/search/certificate/measure.js";
import { splitOf, unseenRows } from "../../../lib/search/certificate/prior.js";
import { readTrained } from "../../../lib/search/certificate/compress.js";
import { initialiseHead } from "../../../lib/models/load.js";
import { disposeAll } from "../../../lib/support/tensors.js";
import { openSession } from "../../../lib/training/session.js";
import { reparameterisationOf, runTrial } from "../../../lib/training/trial.js";
import { temporaryFolder } from "../../models/folders.js";
import { configurationIn, openWorld, writeWorld } from "../../training/world.js";

const { folder, remove } = temporaryFolder();
after(remove);
writeWorld(folder);
const out = join(folder, "runs"), store = openStore(out), place = { out, data: join(folder, "data") };
const all = await openWorld(folder);
after(() => all.dispose());
const part = await openSession({ model: join(folder, "model"), data: join(folder, "data"), maxLength: 16, trainRows: 30 });
after(() => part.dispose());
const record = await runTrial(part, configurationIn(part), { store });

test("the rows that a run has not seen are all others, each once", () => {
  const texts = (set: typeof all.train): string[] => set.encodings.map(({ inputIds }, i) => `${inputIds.join(" ")}: ${set.labels[i]}`).sort();
  const unseen = unseenRows(all, record);
  assert.equal(unseen.labels.length, 20);
  assert.deepEqual([...texts(unseen), ...texts(part.train)].sort(), texts(all.train));
});

test("without updates the run itself is measured on the rows that it has not seen, and nothing but choices is charged", async () => {
  const bound = await certifyRun({ ...place, run: record.id, levels: [4, 8], prior: 0 });
  const trained = await readTrained(record, store), head = initialiseHead(all.model, record.configuration.seeds.head), unseen = unseenRows(all, record);
  const space = reparameterisationOf(all, record.configuration, { ...all.model.parameters, ...head }), theta = space.parameters(trained);
  const error = errorOf(await evaluateOn(all, theta, { set: unseen }), unseen.labels);
  space.dispose();
  for (const owned of [trained, head, theta]) disposeAll(owned);
  assert.deepEqual(bound.split, { rows: 20, error, codeBits: 0, updates: 0 });
  const split = bound.bounds.find(({ name }) => name === "split-prior");
  assert.equal(split?.rows, 20);
  assert.equal(split?.terms[0].value, error);
  assert.equal(split?.chargedBits, 2, "a bit for a length of nothing, a bit for two numbers of levels");
});

test("updates on those rows are described by their difference, and its bits are charged", async () => {
  const before = tf.memory().numTensors;
  const split = await splitOf(all, record, { store, updates: 3, levels: 4 });
  assert.equal(tf.memory().numTensors, before);
  assert.ok(split.codeBits >= 40 + 4 * 16 && split.codeBits < 40 * 8, String(split.codeBits));
  assert.deepEqual(await splitOf(all, record, { store, updates: 3, levels: 4 }), split);
});

test("a run that has seen all rows has no such bound, and says what to do", async () => {
  const whole = await runTrial(all, configurationIn(all), { store });
  await assert.rejects(certifyRun({ ...place, run: whole.id, prior: 0 }), /--prior needs rows that run [0-9a-f]{12} has not seen, and it was trained on all 50\. Train it with --train-rows/);
  await assert.rejects(certifyRun({ ...place, run: record.id, prior: 0, rows: 40 }), /leave out --rows/);
});

test("rows are drawn again with replacement: some twice, their share of errors near that of all", () => {
  const labels = Array.from({ length: 1000 }, (_unused, i) => i % 2), predictions = labels.map((label, i) => (i % 4 === 0 ? 1 - label : label));
  const one = redrawn({ predictions } as Parameters<typeof redrawn>[0], labels, 4000);
  assert.equal(one.rows, 4000);
  assert.ok(Math.abs(one.error - 0.25) < 0.03 && one.error !== 0.25, String(one.error));
});
