/** LoRA, IA3 and BitFit against adapters in PyTorch, written as PEFT defines them: see test/oracles/methods.py. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { loadModel } from "../../lib/models/load.js";
import type { TokenBatch } from "../../lib/models/types.js";
import type { Method } from "../../lib/records/methods.js";
import { makeReparameterisation, type Reparameterisation } from "../../lib/reparameterisations/index.js";
import type { NamedTensors } from "../../lib/support/tensors.js";
import { makeOptimizer } from "../../lib/training/optimizers.js";
import { withFolder, writeTinyModel } from "../models/folders.js";
import { floats, largestDifference, readGolden, type Golden } from "../models/golden.js";

await startEngine();

const settings: Partial<Record<Method, object>> = { lora: { rank: 3, alpha: 5, seed: 1 }, ia3: {}, bitfit: {} };

/** The batch of the script; its labels as one-hot rows over the number of rows. */
async function batchOf(): Promise<{ batch: TokenBatch; targets: tf.Tensor2D }> {
  const golden = await readGolden("methods.safetensors");
  const ids = (name: string): tf.Tensor2D => tf.tensor2d(Int32Array.from(floats(golden, name)), [2, 6], "int32");
  return {
    batch: { inputIds: ids("inputIds"), tokenTypeIds: ids("tokenTypeIds"), attentionMask: tf.ones([2, 6], "int32") },
    targets: tf.tidy(() => tf.div(tf.oneHot(tf.tensor1d(Int32Array.from(floats(golden, "labels")), "int32"), 3), 2)) as tf.Tensor2D,
  };
}

type LossAndGradients = (theta: NamedTensors) => { loss: number; gradients: NamedTensors };

/** Three steps of AdamW at 0.02 from the golden start. */
function threeSteps(subject: Reparameterisation, start: Golden, lossAndGradients: LossAndGradients): { losses: number[]; end: NamedTensors } {
  const optimizer = makeOptimizer({ clipNorm: 0 }), losses: number[] = [];
  const shapes = subject.init();
  let at: NamedTensors = Object.fromEntries(Object.entries(shapes).map(([name, { shape }]) => [name, tf.tensor(floats(start, name), shape)]));
  let state = optimizer.init(at);
  for (let step = 0; step < 3; step++) {
    const { loss, gradients } = lossAndGradients(subject.parameters(at));
    losses.push(loss);
    const next = optimizer.update(at, subject.gradients(at, gradients), state, optimizer.scalars(step, 0.02));
    at = next.trainable;
    state = next.state;
  }
  return { losses, end: at };
}

for (const method of ["lora", "ia3", "bitfit"] as const) {
  test(`${method}: three steps are those of adapters in PyTorch`, () => withFolder(async (folder) => {
    const model = await loadModel({ model: writeTinyModel(folder), labels: 3, headSeed: 0 });
    const [start, end, losses] = await Promise.all(["start", "end", "loss"].map((part) =>
      readGolden("methods.safetensors", part === "loss" ? "loss/" : `${part}/${method}/`)));
    const { batch, targets } = await batchOf();
    tf.tidy(() => {
      const subject = makeReparameterisation({ method, parameters: model.parameters, headNames: model.architecture.headNames(model.config), ...settings[method] });
      assert.deepEqual(Object.keys(subject.init()).sort(), Object.keys(start!).sort(), "the same is trained");
      assert.equal(subject.budget.total, Object.values(start!).reduce((sum, { values }) => sum + values.length, 0));
      const got = threeSteps(subject, start!, (theta) => {
        const names = Object.keys(theta);
        const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]): tf.Scalar => {
          const logits = model.architecture.logits(Object.fromEntries(names.map((name, i) => [name, values[i]!])), model.config, batch);
          return tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)))) as tf.Scalar;
        })(Object.values(theta));
        return { loss: value.dataSync()[0]!, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])) };
      });
      assert.ok(largestDifference(got.losses, floats(losses!, method)) < 1e-4, `${got.losses} and ${[...floats(losses!, method)]}`);
      for (const [name, tensor] of Object.entries(got.end)) {
        if (name.endsWith("key.bias")) continue; // its gradient is zero in exact arithmetic: Adam makes steps of the rounding
        const difference = largestDifference(tensor.dataSync(), floats(end!, name));
        assert.ok(difference < 1e-3, `${name}: differs by ${difference}`);
      }
    });
    [batch.inputIds, batch.attentionMask, batch.tokenTypeIds, targets].forEach((tensor) => tensor.dispose());
    model.dispose();
  }));
}
