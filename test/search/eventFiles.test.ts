import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { scalarsOf, writeEventFiles } from "../../lib/search/eventFiles.js";
import { withFolder } from "../models/folders.js";
import { sampleTrial } from "../records/samples.js";
import { readEvents } from "./events.js";

test("an event file read back has the record's curves, and writing again leaves one file and no tensor", () => withFolder(async (folder) => {
  const trial = sampleTrial(), record = { ...trial, losses: [...trial.losses, { step: 700, loss: null }] };
  await writeEventFiles([record], folder);
  const before = tf.memory().numTensors;
  const [written] = await writeEventFiles([record], folder);
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(readdirSync(folder), [written!.name]);
  assert.match(written!.name, new RegExp(`^did-d1000-rate0\\.151-seed1-${record.id}$`));
  const files = readdirSync(join(folder, written!.name));
  assert.equal(files.length, 1);
  const { version, scalars } = readEvents(readFileSync(join(folder, written!.name, files[0]!)));
  assert.equal(version, "brain.Event:2");
  const expected = [
    { name: "train/loss", step: 1, value: 0.69 }, { name: "train/loss", step: 690, value: 0.4 },
    { name: "dev/accuracy", step: 230, value: 0.71 }, { name: "dev/loss", step: 230, value: 0.58 },
    { name: "dev/accuracy", step: 690, value: 0.75 }, { name: "dev/loss", step: 690, value: 0.52 }, { name: "train/accuracy", step: 690, value: 0.8 },
  ];
  assert.deepEqual(scalarsOf(record), expected);
  assert.deepEqual(scalars, expected.map((scalar) => ({ ...scalar, value: Math.fround(scalar.value) })));
}));
