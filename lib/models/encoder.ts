/**
 * The encoder that BERT and its relatives share: embeddings with a layer norm, then layers that normalise after each
 * residual sum. They differ in the names of their parameters and in what they leave out.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedShapes } from "../support/tensors.js";
import { activate } from "./activations.js";
import { attend, maskBias } from "./attention.js";
import { embedding } from "./embedding.js";
import { dense, firstTokens, norm, parameter, positionsByMask, type Pass } from "./pass.js";
import type { ModelConfig } from "./types.js";

/** Shapes of a linear layer with bias. */
export const denseShapes = (name: string, out: number, width: number): NamedShapes => ({ [`${name}.weight`]: [out, width], [`${name}.bias`]: [out] });
/** Shapes of a layer norm. */
export const normShapes = (name: string, width: number): NamedShapes => ({ [`${name}.weight`]: [width], [`${name}.bias`]: [width] });

/** The names of one layer's parts, and which of its two dropouts beside that of the attention weights it has (all by default). */
export interface LayerNames {
  query: string;
  key: string;
  value: string;
  attended: string;
  attendedNorm: string;
  inner: string;
  outer: string;
  outerNorm: string;
  dropAttended?: false;
  dropOuter?: false;
}

/** BERT's names below `name`. */
export const bertLayerNames = (name: string): LayerNames => ({
  query: `${name}.attention.self.query`, key: `${name}.attention.self.key`, value: `${name}.attention.self.value`,
  attended: `${name}.attention.output.dense`, attendedNorm: `${name}.attention.output.LayerNorm`,
  inner: `${name}.intermediate.dense`, outer: `${name}.output.dense`, outerNorm: `${name}.output.LayerNorm`,
});

/** Shapes of one layer, in Hugging Face's order for most. */
export function layerShapes({ hiddenSize: H, intermediateSize }: ModelConfig, names: LayerNames): NamedShapes {
  return {
    ...denseShapes(names.query, H, H), ...denseShapes(names.key, H, H), ...denseShapes(names.value, H, H),
    ...denseShapes(names.attended, H, H), ...normShapes(names.attendedNorm, H),
    ...denseShapes(names.inner, intermediateSize, H), ...denseShapes(names.outer, H, intermediateSize), ...normShapes(names.outerNorm, H),
  };
}

/** Width of the embeddings. */
export const embeddingWidth = ({ embeddingSize, hiddenSize }: ModelConfig): number => embeddingSize ?? hiddenSize;

/** Shapes of the word, position and type tables and the layer norm below `name`, each by itself: their order differs. */
export function embeddingShapes(config: ModelConfig, name: string): Record<"word" | "position" | "type" | "norm", NamedShapes> {
  const width = embeddingWidth(config);
  return {
    word: { [`${name}.word_embeddings.weight`]: [config.vocabSize, width] },
    position: { [`${name}.position_embeddings.weight`]: [config.maxPositions + (config.positionOffset ?? 0), width] },
    type: { [`${name}.token_type_embeddings.weight`]: [config.typeVocabSize, width] },
    norm: normShapes(`${name}.LayerNorm`, width),
  };
}

export interface EmbedOptions {
  /** Where the tables are. */
  name: string;
  /** Positions count the tokens by the mask, from config.positionOffset on; by default they are the columns. */
  byMask?: boolean;
  /** Whether there are type embeddings; defaults to true. */
  types?: boolean;
}

/** Word, position and type embeddings, normalised: [B L, embeddingSize]. */
export function embed(pass: Pass, { name, byMask = false, types = true }: EmbedOptions): tf.Tensor {
  const { batch, config, batchSize, length } = pass;
  const width = embeddingWidth(config);
  const words = embedding(parameter(pass, `${name}.word_embeddings.weight`), tf.reshape(batch.inputIds, [-1]));
  const byToken = types ? tf.add(words, typeRows(pass, `${name}.token_type_embeddings.weight`)) : words;
  const positions = parameter(pass, `${name}.position_embeddings.weight`);
  const sum = byMask
    ? tf.add(byToken, embedding(positions, tf.add(positionsByMask(pass), tf.scalar(config.positionOffset ?? 0, "int32")) as tf.Tensor1D))
    : tf.add(tf.reshape(byToken, [batchSize, length, width]), tf.slice(positions, [0, 0], [length, width]));
  return pass.drop(norm(pass, `${name}.LayerNorm`, tf.reshape(sum, [-1, width])), config.hiddenDropout);
}

/** [B L, width]; where there is one type only it is every token's, whatever the tokenizer says: [1, width]. */
function typeRows(pass: Pass, name: string): tf.Tensor {
  const table = parameter(pass, name);
  return table.shape[0] === 1 ? table : embedding(table, tf.reshape(pass.batch.tokenTypeIds, [-1]));
}

/** What the rows of one layer do: which of them ask, and what is added to the scores. */
export interface LayerInput {
  hidden: tf.Tensor;
  asking: tf.Tensor;
  bias: tf.Tensor;
  /** Whether that depends on parameters; default false. */
  learned?: boolean;
}

/** One layer, whose rows `asking` attend to those of `hidden` [B L, H]; the shape of `asking`. */
export function encoderLayer(pass: Pass, names: LayerNames, { hidden, asking, ...scores }: LayerInput): tf.Tensor {
  const { config, drop } = pass;
  const context = selfAttention(pass, names, { hidden, asking, ...scores });
  const attended = dense(pass, names.attended, context);
  const dropped = names.dropAttended === false ? attended : drop(attended, config.hiddenDropout);
  const middle = norm(pass, names.attendedNorm, tf.add(dropped, asking));
  const outer = dense(pass, names.outer, activate[config.activation](dense(pass, names.inner, middle)));
  return norm(pass, names.outerNorm, tf.add(names.dropOuter === false ? outer : drop(outer, config.hiddenDropout), middle));
}

function selfAttention(pass: Pass, names: LayerNames, { hidden, asking, ...scores }: LayerInput): tf.Tensor {
  const { heads, hiddenSize } = pass.config;
  const of = [dense(pass, names.query, asking), dense(pass, names.key, hidden), dense(pass, names.value, hidden)];
  return attend(pass, { of, scale: 1 / Math.sqrt(hiddenSize / heads), heads, ...scores });
}

/**
 * All layers: [B L, H] -> [B, H], the first token's state: only it is read after the last layer, so only it asks there, and
 * the result is the same.
 * @param relative what is added to the scores for positions, [1, heads, L, L]; default nothing.
 */
export function encode(pass: Pass, layers: readonly LayerNames[], embedded: tf.Tensor, relative?: tf.Tensor): tf.Tensor {
  const bias = relative === undefined ? maskBias(pass) : tf.add(maskBias(pass), relative), learned = relative !== undefined;
  return layers.reduce((hidden, names, index) => {
    if (index < layers.length - 1) return encoderLayer(pass, names, { hidden, asking: hidden, bias, learned });
    const [batchSize = 0, heads = 0, rows = 1, length = 0] = bias.shape;
    const ofFirst = rows === 1 ? bias : tf.slice(bias, [0, 0, 0, 0], [batchSize, heads, 1, length]);
    return encoderLayer(pass, names, { hidden, asking: firstTokens(pass, hidden), bias: ofFirst, learned });
  }, embedded);
}
