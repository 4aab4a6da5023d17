import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { encoderConfig } from "../../lib/models/config.js";
import { pretrainOptimizer } from "../../lib/pretraining/optimizer.js";
import { maskedLmSteps } from "../../lib/pretraining/steps.js";
import { disposeAll, group, grouped, type NamedTensors } from "../../lib/support/tensors.js";
import { deviceTensors } from "../../lib/training/checkpoint.js";
import { assertGradients, floats, readGolden } from "../models/golden.js";

before(async () => { await startEngine(); });

const config = encoderConfig({
  model_type: "bert", vocab_size: 64, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 32, max_position_embeddings: 24,
}, "config.json");
const makeSteps = () => maskedLmSteps(config, pretrainOptimizer({ optimizer: "adamw", weightDecay: 0, clipNorm: 0 }), { dropout: false });

/** A golden batch as the steps take it; owned by the caller. */
async function goldenBatch(file: string): Promise<NamedTensors> {
  const golden = await readGolden(file), ints = (name: string): Int32Array => Int32Array.from(floats(golden, name));
  const matrix = (name: string): tf.Tensor => tf.tensor2d(golden[name] === undefined ? new Int32Array(36) : ints(name), [3, 12], "int32");
  return {
    inputIds: matrix("input_ids"), attentionMask: matrix("attention_mask"), tokenTypeIds: matrix("token_type_ids"),
    positions: tf.tensor1d(ints("positions"), "int32"), labels: tf.tensor1d(ints("labels"), "int32"),
    ...(golden["next_sentence"] === undefined ? {} : { nextSentence: tf.tensor1d(ints("next_sentence"), "int32") }),
  };
}

for (const [name, file] of [["masked words", "masked-lm.safetensors"], ["masked words and the next sentence", "next-sentence.safetensors"]] as const) {
  test(`the step's loss and gradients of ${name} are Transformers'`, async () => {
    const golden = await readGolden(file), theta = deviceTensors(await readGolden(file, "theta/")), batch = await goldenBatch(file), steps = makeSteps();
    const shares = { share: tf.scalar(1), ...(batch["nextSentence"] === undefined ? {} : { pairShare: tf.scalar(1) }) };
    const { loss, ...sums } = await steps.part.run({ ...grouped("theta", theta), ...grouped("batch", batch), ...shares });
    assert.ok(Math.abs(loss!.dataSync()[0]! - floats(golden, "loss")[0]!) < 3e-6, String(loss!.dataSync()[0]));
    assertGradients(golden, group("sum", sums), 2e-5);
    steps.dispose();
    disposeAll({ ...theta, ...batch, ...shares, ...sums, loss: loss! });
  });
}

test("validation tells the loss of masked words, that of the next sentence, and how many pairs are told right", async () => {
  const file = "next-sentence.safetensors", golden = await readGolden(file), theta = deviceTensors(await readGolden(file, "theta/"));
  const batch = await goldenBatch(file), steps = makeSteps(), before = tf.memory().numTensors;
  const { loss, nextSentence, right } = await steps.loss.run({ ...grouped("theta", theta), ...grouped("batch", batch) });
  const [masked = NaN, of = NaN] = [loss, nextSentence].map((one) => one!.dataSync()[0]!);
  assert.ok(Math.abs(masked - floats(golden, "masked_loss")[0]!) < 2e-6);
  assert.ok(Math.abs(masked + of - floats(golden, "loss")[0]!) < 3e-6);
  const logits = floats(golden, "next_sentence_logits"), expected = [...floats(golden, "next_sentence")].filter((label, i) => Number(logits[2 * i + 1]! > logits[2 * i]!) === label);
  assert.equal(right!.dataSync()[0], expected.length);
  assert.equal(tf.memory().numTensors, before + 3);
  steps.dispose();
  disposeAll({ ...theta, ...batch, loss: loss!, nextSentence: nextSentence!, right: right! });
});
