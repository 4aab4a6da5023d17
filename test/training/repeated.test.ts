import assert from "node:assert/strict";
import { test } from "node:test";
import { startEngine } from "../../lib/engine/index.js";
import { initialiseHead, loadModel } from "../../lib/models/load.js";
import { randomIndices } from "../../lib/support/random.js";
import { disposeAll, group, grouped, type NamedTensors } from "../../lib/support/tensors.js";
import { batchTensors } from "../../lib/training/batches.js";
import { makeOptimizer } from "../../lib/training/optimizers.js";
import { makeSteps } from "../../lib/training/steps.js";

const batchSize = 8, length = 32, updates = 16;

test("full fine-tuning of the default model, clipped: every update done twice from the same state gives the same bits", async () => {
  await startEngine();
  const model = await loadModel({ labels: 2, headSeed: 1 }), optimizer = makeOptimizer({ clipNorm: 0.1 }), steps = makeSteps(model), random = randomIndices(1);
  const set = {
    encodings: Array.from({ length: batchSize * updates }, () => ({
      inputIds: Array.from({ length }, () => 1000 + random(20_000)), tokenTypeIds: Array.from({ length }, () => 0),
    })),
    labels: Array.from({ length: batchSize * updates }, () => random(2)),
  };
  let theta: NamedTensors = { ...model.parameters, ...initialiseHead(model, 1) }, state = optimizer.init(theta);
  const step = steps.fullUpdate({ dropout: false, optimizer, names: Object.keys(theta) });
  for (let update = 0; update < updates; update++) {
    const rows = Array.from({ length: batchSize }, (_, i) => update * batchSize + i);
    const batch: NamedTensors = batchTensors(set, { rows, length }, { batchSize, classes: 2, padId: model.tokenizer.padId });
    const scalars = optimizer.scalars(update, 1e-4);
    const run = () => step.run({ ...grouped("theta", theta), ...grouped("batch", batch), ...grouped("state", state), ...grouped("scalars", scalars) });
    const once = await run(), again = await run();
    for (const name of ["loss", "state/m.classifier.weight", "state/m.bert.encoder.layer.0.attention.self.query.weight"]) {
      assert.deepEqual(again[name]!.dataSync(), once[name]!.dataSync(), `${name} of update ${update + 1}`);
    }
    for (const old of [batch, scalars, again, theta, state]) disposeAll(old);
    once["loss"]!.dispose();
    theta = group("trainable", once);
    state = group("state", once);
  }
  for (const old of [theta, state]) disposeAll(old);
  steps.dispose();
});
