/**
 * Our side of the rows of masked language modelling, run by main.ts: node oursMaskedLm.js PROBLEM PRECISION. It answers "step" and
 * "memory" as peer.py does. A step is an update of `d90 pretrain`: the batch's tensors, loss, gradients, AdamW.
 */
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { readConfig } from "../../lib/models/registry.js";
import { readSafetensors } from "../../lib/models/safetensors.js";
import type { MaskedBatch } from "../../lib/pretraining/mask.js";
import { pretrainOptimizer } from "../../lib/pretraining/optimizer.js";
import { pretrainSettings } from "../../lib/pretraining/settings.js";
import { freshState } from "../../lib/pretraining/state.js";
import { maskedLmSteps } from "../../lib/pretraining/steps.js";
import { oneUpdate, type PretrainRun } from "../../lib/pretraining/update.js";
import { deviceTensors } from "../../lib/training/checkpoint.js";
import { answerRequests, peakBytes, readProblem, timed } from "./answering.js";
import type { MaskedLmBatch } from "./maskedLm.js";

async function main(path: string | undefined, precision: string | undefined): Promise<void> {
  const { maskedLm, threads, batchSize, length } = readProblem(path);
  if (maskedLm === null) throw new Error("bench: the problem must have a masked language model.");
  const engine = await startEngine({ threads, bf16: precision === "bf16", backend: "tensorflow" });
  const [{ config }, loadMs] = await timed(() => readConfig(maskedLm.folder));
  const { tensors } = await readSafetensors(join(maskedLm.folder, "model.safetensors"));
  const settings = pretrainSettings("quick", {
    batchSize, length, learningRate: maskedLm.rate, weightDecay: 0, clipNorm: 0, dropout: 0, warmup: 0,
    updates: Number.MAX_SAFE_INTEGER, // The decay of the rate is nil.
  });
  const optimizer = pretrainOptimizer(settings), state = freshState(deviceTensors(tensors), optimizer);
  const run: PretrainRun = {
    settings, optimizer, steps: maskedLmSteps(config, optimizer, { dropout: false }),
    batch: (index) => tensorsOf(maskedLm.batches[index % maskedLm.batches.length]!, [batchSize, length]), validation: () => [],
  };
  await answerRequests({ versions: { tensorflow: engine.tensorflow ?? "none", engine: engine.mode, device: engine.device }, loadMs }, async (request) => {
    if (request !== "step") return { peakBytes: peakBytes() };
    const [loss, ms] = await timed(() => oneUpdate(run, state));
    return { ms, loss, tensors: tf.memory().numTensors };
  });
}

function tensorsOf({ inputIds, positions, labels }: MaskedLmBatch, shape: [number, number]): MaskedBatch {
  return {
    tensors: {
      inputIds: tf.tensor2d(inputIds, shape, "int32"), attentionMask: tf.ones(shape, "int32"), tokenTypeIds: tf.zeros(shape, "int32"),
      positions: tf.tensor1d(positions, "int32"), labels: tf.tensor1d(labels, "int32"),
    },
    asked: labels.filter((label) => label >= 0).length,
    pairs: 0,
  };
}

const [path, precision] = process.argv.slice(2);
await main(path, precision);
