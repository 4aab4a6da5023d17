import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { pretrain } from "../../lib/pretraining/index.js";
import { withFolder } from "../models/folders.js";
import { collect } from "../support/collect.js";
import { tinyOptions, writeText } from "./tiny.js";

before(async () => { await startEngine(); });

/** What the process holds, without the room that JavaScript keeps for garbage to come: that grows and shrinks as it likes. */
function megabytes(): number {
  collect();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return (rss - heapTotal + heapUsed) / 2 ** 20;
}

/** What the engine lets the C library keep of freed memory while it pre-trains (setup/native/process.cc). */
const KEPT = 256;

/** Weights and optimiser are 0.4 MB here: a step that kept its old ones would add 400 MB in each half. What is kept of freed memory grows once, in one. */
test("2,000 updates make the process no larger, and keep no tensor", () => withFolder(async (folder) => {
  writeText(folder);
  const seen: { megabytes: number; tensors: number }[] = [];
  await pretrain({
    ...tinyOptions(folder, "model", { updates: 2300, every: 2300, hiddenSize: 32, vocabulary: 400, layers: 1, length: 8, batchSize: 2, dropout: 0 }),
    onEvent: (event) => {
      if (event.type === "step" && [300, 1300, 2299].includes(event.progress.update)) seen.push({ megabytes: megabytes(), tensors: tf.memory().numTensors });
    },
  });
  const [early, middle, late] = seen;
  assert.equal(late!.tensors, early!.tensors);
  const held = seen.map(({ megabytes: each }) => each), halves = [middle!.megabytes - early!.megabytes, late!.megabytes - middle!.megabytes];
  assert.ok(Math.min(...halves) < 50 && late!.megabytes - early!.megabytes < KEPT + 50, `${held.map((each) => each.toFixed(0)).join(", ")} MB after 300, 1,300 and 2,299 updates`);
}));
