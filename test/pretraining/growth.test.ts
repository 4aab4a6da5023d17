import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { pretrain } from "../../lib/pretraining/index.js";
import { withFolder } from "../models/folders.js";
import { tinyOptions, writeText } from "./tiny.js";

before(async () => { await startEngine(); });

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
/** What the process holds, without the room that JavaScript keeps for garbage to come: that grows and shrinks as it likes. */
function megabytes(): number {
  collect();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return (rss - heapTotal + heapUsed) / 2 ** 20;
}

/** Weights and optimiser are 0.4 MB here: a step that kept its old ones would add 800 MB. What the allocator keeps free varies by tens of MB. */
test("2,000 updates make the process no larger, and keep no tensor", () => withFolder(async (folder) => {
  writeText(folder);
  const seen: { megabytes: number; tensors: number }[] = [];
  await pretrain({
    ...tinyOptions(folder, "model", { updates: 2300, every: 2300, hiddenSize: 32, vocabulary: 400, layers: 1, length: 8, batchSize: 2, dropout: 0 }),
    onEvent: (event) => {
      if (event.type === "step" && (event.progress.update === 300 || event.progress.update === 2299)) seen.push({ megabytes: megabytes(), tensors: tf.memory().numTensors });
    },
  });
  const [early, late] = seen;
  assert.equal(late!.tensors, early!.tensors);
  assert.ok(late!.megabytes < early!.megabytes + 100, `${early!.megabytes} MB after 300 updates, ${late!.megabytes} MB after 2,299`);
}));
