/**
 * BERT for sequence classification (Devlin et al. 2018, arXiv 1810.04805) as pure functions over parameters that carry
 * Hugging Face's names; it computes what Transformers' BertForSequenceClassification computes.
 * Below B is the number of texts, L their padded length, H the hidden size.
 */
import * as tf from "@tensorflow/tfjs-core";
import { shown } from "../support/checks.js";
import type { NamedShapes, NamedTensors } from "../support/tensors.js";
import { activate } from "./activations.js";
import { encoderConfig } from "./config.js";
import { dropper, type Dropper } from "./dropout.js";
import { embedding } from "./embedding.js";
import { layerNorm, linear, matMul } from "./ops.js";
import type { Architecture, Dropout, ModelConfig, TokenBatch } from "./types.js";

/** What every part of one forward pass needs. */
interface Pass {
  parameters: NamedTensors;
  config: ModelConfig;
  batchSize: number;
  length: number;
  drop: Dropper;
}

/** BERT. */
export const bert: Architecture = {
  modelType: "bert",
  configure: encoderConfig,
  shapes,
  headNames: () => ["classifier.weight", "classifier.bias"],
  optionalNames: () => ["bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"],
  layerOf,
  canonicalName,
  logits: (parameters, config, batch, dropout) => tf.tidy(() => logits(parameters, config, batch, dropout)),
};

function shapes(config: ModelConfig, labels: number): NamedShapes {
  const { hiddenSize: H, intermediateSize } = config;
  const dense = (name: string, out: number, width: number): NamedShapes => ({ [`${name}.weight`]: [out, width], [`${name}.bias`]: [out] });
  const norm = (name: string): NamedShapes => ({ [`${name}.weight`]: [H], [`${name}.bias`]: [H] });
  const layer = (name: string): NamedShapes => ({
    ...dense(`${name}.attention.self.query`, H, H),
    ...dense(`${name}.attention.self.key`, H, H),
    ...dense(`${name}.attention.self.value`, H, H),
    ...dense(`${name}.attention.output.dense`, H, H),
    ...norm(`${name}.attention.output.LayerNorm`),
    ...dense(`${name}.intermediate.dense`, intermediateSize, H),
    ...dense(`${name}.output.dense`, H, intermediateSize),
    ...norm(`${name}.output.LayerNorm`),
  });
  const layers = Array.from({ length: config.layers }, (_, i) => layer(`bert.encoder.layer.${i}`));
  return Object.assign({
    "bert.embeddings.word_embeddings.weight": [config.vocabSize, H],
    "bert.embeddings.position_embeddings.weight": [config.maxPositions, H],
    "bert.embeddings.token_type_embeddings.weight": [config.typeVocabSize, H],
    ...norm("bert.embeddings.LayerNorm"),
  }, ...layers, dense("bert.pooler.dense", H, H), dense("classifier", labels, H)) as NamedShapes;
}

function layerOf(name: string): string {
  if (name.startsWith("bert.embeddings.")) return "embeddings";
  return /^bert\.encoder\.(layer\.\d+)\./.exec(name)?.[1] ?? "head";
}

/** Checkpoints of the bare encoder lack "bert."; those converted from TensorFlow call a layer norm's weights gamma and beta. */
function canonicalName(name: string): string | null {
  if (/^(cls|qa_outputs)\./.test(name) || /\.(position_ids|token_type_ids)$/.test(name)) return null;
  const full = /^(embeddings|encoder|pooler)\./.test(name) ? `bert.${name}` : name;
  return full.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
}

function logits(parameters: NamedTensors, config: ModelConfig, batch: TokenBatch, dropout?: Dropout): tf.Tensor2D {
  const [batchSize, length] = checkedShape(batch, config);
  const pass: Pass = { parameters, config, batchSize, length, drop: dropper(dropout) };
  const bias = maskBias(batch.attentionMask);
  let hidden = embed(pass, batch);
  for (let i = 0; i < config.layers; i++) hidden = layer(pass, i, hidden, bias);
  const pooled = tf.tanh(dense(pass, "bert.pooler.dense", hidden));
  return dense(pass, "classifier", pass.drop(pooled, config.classifierDropout)) as tf.Tensor2D;
}

function checkedShape({ inputIds, attentionMask, tokenTypeIds }: TokenBatch, { maxPositions }: ModelConfig): [number, number] {
  for (const [name, { shape }] of Object.entries({ attentionMask, tokenTypeIds })) {
    if (shape[0] !== inputIds.shape[0] || shape[1] !== inputIds.shape[1]) {
      throw new RangeError(`logits: ${name} must have the shape of inputIds, ${shown(inputIds.shape)}, got ${shown(shape)}.`);
    }
  }
  if (inputIds.shape[1] > maxPositions) {
    const [, got] = inputIds.shape;
    throw new RangeError(`logits: inputIds must have at most ${maxPositions} columns (positions), got ${got}: truncate the texts.`);
  }
  return inputIds.shape;
}

/** What is added to attention scores, [B, 1, 1, L]: 0 for a token, -1e9 for padding, whose weight is then exactly 0. */
function maskBias(mask: tf.Tensor2D): tf.Tensor {
  return tf.mul(tf.sub(1, tf.expandDims(tf.expandDims(tf.cast(mask, "float32"), 1), 1)), -1e9);
}

/** Word, position and type embeddings, normalised: [B L, H]. */
function embed({ parameters, config, batchSize, length, drop }: Pass, { inputIds, tokenTypeIds }: TokenBatch): tf.Tensor {
  const words = parameter(parameters, "bert.embeddings.word_embeddings.weight");
  const positions = parameter(parameters, "bert.embeddings.position_embeddings.weight");
  const types = parameter(parameters, "bert.embeddings.token_type_embeddings.weight");
  const width = config.hiddenSize;
  const byToken = tf.add(embedding(words, tf.reshape(inputIds, [-1])), embedding(types, tf.reshape(tokenTypeIds, [-1])));
  const sum = tf.add(tf.reshape(byToken, [batchSize, length, width]), tf.slice(positions, [0, 0], [length, width]));
  return drop(norm({ parameters, config }, "bert.embeddings.LayerNorm", tf.reshape(sum, [-1, width])), config.hiddenDropout);
}

/**
 * One encoder layer: [B L, H] -> [B L, H], and the last one -> [B, H]: only the first token's state is read after it, so
 * only that token asks there, and the result is the same.
 */
function layer(pass: Pass, index: number, hidden: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const { config, drop } = pass;
  const name = `bert.encoder.layer.${index}`;
  const asking = index === config.layers - 1 ? firstTokens(pass, hidden) : hidden;
  const context = attention(pass, `${name}.attention.self`, { asking, hidden, bias });
  const attended = drop(dense(pass, `${name}.attention.output.dense`, context), config.hiddenDropout);
  const middle = norm(pass, `${name}.attention.output.LayerNorm`, tf.add(attended, asking));
  const inner = activate[config.activation](dense(pass, `${name}.intermediate.dense`, middle));
  const outer = drop(dense(pass, `${name}.output.dense`, inner), config.hiddenDropout);
  return norm(pass, `${name}.output.LayerNorm`, tf.add(outer, middle));
}

/** [B L, H] -> [B, H]. */
function firstTokens({ batchSize, length, config }: Pass, hidden: tf.Tensor): tf.Tensor {
  const width = config.hiddenSize;
  return tf.reshape(tf.slice(tf.reshape(hidden, [batchSize, length, width]), [0, 0, 0], [batchSize, 1, width]), [batchSize, width]);
}

/** softmax(q k^T / sqrt(H / heads) + bias) v; the rows of `asking` attend to those of `hidden`. Same shape as `asking`. */
function attention(
  pass: Pass, name: string, { asking, hidden, bias }: { asking: tf.Tensor; hidden: tf.Tensor; bias: tf.Tensor },
): tf.Tensor {
  const { config, drop } = pass;
  const scale = 1 / Math.sqrt(config.hiddenSize / config.heads);
  const queries = splitHeads(pass, tf.mul(dense(pass, `${name}.query`, asking), scale));
  const keys = splitHeads(pass, dense(pass, `${name}.key`, hidden));
  const values = splitHeads(pass, dense(pass, `${name}.value`, hidden));
  const weights = tf.softmax(tf.add(matMul(queries, keys, true), bias)); // [B, heads, rows of asking / B, L]
  const context = matMul(drop(weights, config.attentionDropout), values);
  return tf.reshape(tf.transpose(context, [0, 2, 1, 3]), asking.shape);
}

/** [B n, H] -> [B, heads, n, H / heads]. */
function splitHeads({ batchSize, config: { heads, hiddenSize } }: Pass, x: tf.Tensor): tf.Tensor {
  return tf.transpose(tf.reshape(x, [batchSize, -1, heads, hiddenSize / heads]), [0, 2, 1, 3]);
}

const dense = ({ parameters }: Pick<Pass, "parameters">, name: string, x: tf.Tensor): tf.Tensor =>
  linear(x, parameter(parameters, `${name}.weight`), parameter(parameters, `${name}.bias`));

const norm = ({ parameters, config }: Pick<Pass, "parameters" | "config">, name: string, x: tf.Tensor): tf.Tensor =>
  layerNorm(x, parameter(parameters, `${name}.weight`), parameter(parameters, `${name}.bias`), config.layerNormEps);

function parameter(parameters: NamedTensors, name: string): tf.Tensor {
  const found = parameters[name];
  if (found !== undefined) return found;
  throw new RangeError(`logits: parameters must have ${shown(name)}, got ${Object.keys(parameters).length} others.`);
}
