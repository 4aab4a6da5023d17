import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, startEngine } from "../../lib/engine/index.js";
import { encoderConfig } from "../../lib/models/config.js";
import { maskedLmLogits, maskedLmShapes, pretrainingLogits } from "../../lib/models/masked-lm.js";
import { softmaxCrossEntropy } from "../../lib/models/ops.js";
import type { TokenBatch } from "../../lib/models/types.js";
import { disposeAll, shapesOf, type NamedTensors } from "../../lib/support/tensors.js";
import { deviceTensors } from "../../lib/training/checkpoint.js";
import { assertGradients, floats, largestDifference, readGolden } from "./golden.js";

before(async () => { await startEngine(); });

const config = encoderConfig({
  model_type: "bert", vocab_size: 64, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 32, max_position_embeddings: 24,
}, "config.json");
const file = "masked-lm.safetensors", pairs = "next-sentence.safetensors";

/** A golden batch; owned by the caller. */
async function inputs(name = file): Promise<{ batch: TokenBatch; positions: tf.Tensor1D; labels: tf.Tensor1D; all: NamedTensors }> {
  const golden = await readGolden(name);
  const ints = (name: string): Int32Array => Int32Array.from(floats(golden, name));
  const matrix = (values: Int32Array): tf.Tensor2D => tf.tensor2d(values, [3, 12], "int32");
  const batch = { inputIds: matrix(ints("input_ids")), attentionMask: matrix(ints("attention_mask")), tokenTypeIds: matrix(golden["token_type_ids"] === undefined ? new Int32Array(36) : ints("token_type_ids")) };
  const positions = tf.tensor1d(ints("positions"), "int32"), labels = tf.tensor1d(ints("labels"), "int32");
  return { batch, positions, labels, all: { ...batch, positions, labels } };
}

for (const [name, golden, nextSentence] of [["masked-LM", file, false], ["both tasks'", pairs, true]] as const) {
  test(`${name} parameters have Transformers' names, shapes and order`, async () => {
    const theta = deviceTensors(await readGolden(golden, "theta/")), shapes = maskedLmShapes(config, { nextSentence });
    assert.deepEqual(shapes, shapesOf(Object.fromEntries(Object.keys(shapes).map((each) => [each, theta[each]!]))));
    assert.equal(Object.keys(theta).length, Object.keys(shapes).length);
    disposeAll(theta);
  });
}

test("logits of both of BERT's tasks are BertForPreTraining's, and without the second they are the same", async () => {
  const { batch, positions, labels, all } = await inputs(pairs);
  const golden = await readGolden(pairs), parameters = deviceTensors(await readGolden(pairs, "theta/"));
  const before = tf.memory().numTensors;
  const { masked, nextSentence } = pretrainingLogits({ parameters, config, batch, positions }), alone = maskedLmLogits({ parameters, config, batch, positions });
  const loss = softmaxCrossEntropy(masked, labels);
  assert.equal(tf.memory().numTensors, before + 4);
  assert.ok(largestDifference(masked.dataSync(), floats(golden, "logits")) < 5e-6);
  assert.ok(largestDifference(nextSentence.dataSync(), floats(golden, "next_sentence_logits")) < 5e-6);
  assert.ok(largestDifference(alone.dataSync(), masked.dataSync()) < 1e-6);
  assert.ok(Math.abs(loss.dataSync()[0]! - floats(golden, "masked_loss")[0]!) < 2e-6);
  disposeAll({ ...all, ...parameters, masked, nextSentence, alone, loss });
});

test("masked-LM logits at the positions asked for, and the loss, are Transformers'", async () => {
  const { batch, positions, labels, all } = await inputs();
  const golden = await readGolden(file), parameters = deviceTensors(await readGolden(file, "theta/"));
  const before = tf.memory().numTensors;
  const logits = maskedLmLogits({ parameters, config, batch, positions });
  const loss = softmaxCrossEntropy(logits, labels);
  assert.equal(tf.memory().numTensors, before + 2);
  assert.ok(largestDifference(logits.dataSync(), floats(golden, "logits")) < 5e-6);
  assert.ok(Math.abs(loss.dataSync()[0]! - floats(golden, "loss")[0]!) < 2e-6);
  disposeAll({ ...all, ...parameters, logits, loss });
});

for (const compiled of [false, true]) {
  test(`masked-LM gradients are Transformers', ${compiled ? "recorded" : "op by op"}: tied matrices add up, padding and unasked tokens count for nothing`, async () => {
    const { all } = await inputs();
    const theta = deviceTensors(await readGolden(file, "theta/")), names = Object.keys(theta);
    const step = (given: NamedTensors): NamedTensors => {
      const { inputIds, attentionMask, tokenTypeIds, positions, labels } = given;
      const batch = { inputIds, attentionMask, tokenTypeIds } as NamedTensors & TokenBatch;
      const { grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
        const parameters = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
        return softmaxCrossEntropy(maskedLmLogits({ parameters, config, batch, positions: positions as tf.Tensor1D }), labels!) as tf.Scalar;
      })(names.map((name) => given[`theta/${name}`]!));
      return Object.fromEntries(names.map((name, i) => [name, grads[i]!]));
    };
    const inputsOf = { ...all, ...Object.fromEntries(names.map((name) => [`theta/${name}`, theta[name]!])) };
    const runner = compileStep(step);
    const gradients = compiled ? await runner.run(inputsOf) : tf.tidy(() => step(inputsOf));
    assertGradients(await readGolden(file), gradients, 2e-5);
    runner.dispose();
    disposeAll({ ...gradients, ...inputsOf });
  });
}
