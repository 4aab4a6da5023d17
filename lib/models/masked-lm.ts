/**
 * BERT as a masked language model (Devlin et al. 2018, arXiv 1810.04805): the encoder, and a head that shares its output matrix
 * with the word embeddings; with BERT's other task a second head over the pooled first token, which says whether the second segment
 * follows the first. It computes what Transformers' BertForMaskedLM and BertForPreTraining compute, at the positions that are asked for alone.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedShapes, NamedTensors } from "../support/tensors.js";
import { activate } from "./activations.js";
import { maskBias } from "./attention.js";
import { bert } from "./bert.js";
import { dropper } from "./dropout.js";
import { embedding } from "./embedding.js";
import { bertLayerNames, denseShapes, embed, encoderLayer, normShapes } from "./encoder.js";
import { linear } from "./ops.js";
import { dense, norm, parameter, type Pass } from "./pass.js";
import type { Dropout, ModelConfig, TokenBatch } from "./types.js";

const head = "cls.predictions", relationship = "cls.seq_relationship", pooler = "bert.pooler.dense";
const wordTable = "bert.embeddings.word_embeddings.weight";

/**
 * Shapes by Hugging Face's names, in the order of named_parameters of BertForMaskedLM, or with the next-sentence task of
 * BertForPreTraining; tied matrices once.
 */
export function maskedLmShapes(config: ModelConfig, { nextSentence = false }: { nextSentence?: boolean } = {}): NamedShapes {
  const { hiddenSize: H, vocabSize } = config;
  const encoder = Object.entries(bert.shapes(config, 2)).filter(([name]) => !/^(bert\.pooler|classifier)\./.test(name));
  return {
    ...Object.fromEntries(encoder), ...(nextSentence ? denseShapes(pooler, H, H) : {}), [`${head}.bias`]: [vocabSize],
    ...denseShapes(`${head}.transform.dense`, H, H), ...normShapes(`${head}.transform.LayerNorm`, H),
    ...(nextSentence ? denseShapes(relationship, 2, H) : {}),
  };
}

export interface MaskedLmInputs {
  parameters: NamedTensors;
  config: ModelConfig;
  batch: TokenBatch;
  /** int32 [M]: what is asked for, as row * L + column; M / B for each text, in the order of the texts. */
  positions: tf.Tensor1D;
  dropout?: Dropout;
}

/** Logits over the vocabulary at `positions`: [M, vocabulary]. Owned by the caller. */
export const maskedLmLogits = (inputs: MaskedLmInputs): tf.Tensor2D =>
  tf.tidy(() => {
    const pass = passOf(inputs);
    return vocabularyLogits(pass, statesAt(pass, inputs.positions));
  });

export interface PretrainingLogits {
  /** [M, vocabulary]. */
  masked: tf.Tensor2D;
  /** [B, 2]: the second segment follows the first, or is another text's. */
  nextSentence: tf.Tensor2D;
}

/** Logits of both of BERT's tasks. Owned by the caller. */
export const pretrainingLogits = (inputs: MaskedLmInputs): PretrainingLogits =>
  tf.tidy(() => {
    const pass = passOf(inputs), { batchSize, length, config: { hiddenSize } } = pass;
    // The first token asks before those of its text, so that each text asks as often.
    const firsts = tf.reshape(tf.range(0, batchSize * length, length, "int32"), [batchSize, 1]);
    const asking = tf.concat([firsts, tf.reshape(inputs.positions, [batchSize, -1])], 1);
    const [, each = 1] = asking.shape;
    const states = tf.reshape(statesAt(pass, tf.reshape(asking, [-1])), [batchSize, each, hiddenSize]);
    const first = tf.reshape(tf.slice(states, [0, 0, 0], [batchSize, 1, hiddenSize]), [batchSize, hiddenSize]);
    const asked = tf.reshape(tf.slice(states, [0, 1, 0], [batchSize, each - 1, hiddenSize]), [-1, hiddenSize]);
    return { masked: vocabularyLogits(pass, asked), nextSentence: dense(pass, relationship, tf.tanh(dense(pass, pooler, first))) as tf.Tensor2D };
  });

function passOf({ parameters, config, batch, dropout }: MaskedLmInputs): Pass {
  const [batchSize, length] = batch.inputIds.shape;
  return { parameters, config, batch, batchSize, length, drop: dropper(dropout) };
}

/** States after the last layer at `positions`, [M, H]: only they are read there, so only they ask, and the result is the same. */
function statesAt(pass: Pass, positions: tf.Tensor1D): tf.Tensor {
  const bias = maskBias(pass), { layers } = pass.config;
  let hidden = embed(pass, { name: "bert.embeddings" });
  for (let i = 0; i < layers; i++) {
    const asking = i === layers - 1 ? embedding(hidden, positions) : hidden;
    hidden = encoderLayer(pass, bertLayerNames(`bert.encoder.layer.${i}`), { hidden, asking, bias });
  }
  return hidden;
}

function vocabularyLogits(pass: Pass, states: tf.Tensor): tf.Tensor2D {
  const transformed = norm(pass, `${head}.transform.LayerNorm`, activate[pass.config.activation](dense(pass, `${head}.transform.dense`, states)));
  return linear(transformed, parameter(pass, wordTable), parameter(pass, `${head}.bias`)) as tf.Tensor2D;
}
