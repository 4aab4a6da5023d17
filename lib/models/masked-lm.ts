/**
 * BERT as a masked language model (Devlin et al. 2018, arXiv 1810.04805): the encoder, and a head that shares its output matrix
 * with the word embeddings. It computes what Transformers' BertForMaskedLM computes, at the positions that are asked for alone.
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

const head = "cls.predictions";
const wordTable = "bert.embeddings.word_embeddings.weight";

/** Shapes by Hugging Face's names, in the order of BertForMaskedLM's named_parameters; tied matrices once. */
export function maskedLmShapes(config: ModelConfig): NamedShapes {
  const { hiddenSize: H, vocabSize } = config;
  const encoder = Object.entries(bert.shapes(config, 2)).filter(([name]) => !/^(bert\.pooler|classifier)\./.test(name));
  return {
    ...Object.fromEntries(encoder), [`${head}.bias`]: [vocabSize],
    ...denseShapes(`${head}.transform.dense`, H, H), ...normShapes(`${head}.transform.LayerNorm`, H),
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

/**
 * Logits over the vocabulary at `positions`: [M, vocabulary]. After the last layer only their states are read, so only they ask
 * there, and the result is the same. Owned by the caller.
 */
export function maskedLmLogits({ parameters, config, batch, positions, dropout }: MaskedLmInputs): tf.Tensor2D {
  return tf.tidy(() => {
    const [batchSize, length] = batch.inputIds.shape;
    const pass: Pass = { parameters, config, batch, batchSize, length, drop: dropper(dropout) };
    const bias = maskBias(pass);
    let hidden = embed(pass, { name: "bert.embeddings" });
    for (let i = 0; i < config.layers; i++) {
      const asking = i === config.layers - 1 ? embedding(hidden, positions) : hidden;
      hidden = encoderLayer(pass, bertLayerNames(`bert.encoder.layer.${i}`), { hidden, asking, bias });
    }
    const transformed = norm(pass, `${head}.transform.LayerNorm`, activate[config.activation](dense(pass, `${head}.transform.dense`, hidden)));
    return linear(transformed, parameter(pass, wordTable), parameter(pass, `${head}.bias`)) as tf.Tensor2D;
  });
}
