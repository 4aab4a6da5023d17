/**
 * Llama (Touvron et al. 2023, arXiv 2302.13971; grouped queries 2307.09288) with a score of the last token, and Mistral (2310.06825) and
 * Qwen2 (2407.10671), which are it with a window and with biases; they compute what Transformers' ...ForSequenceClassification do.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedShapes } from "../support/tensors.js";
import type { Attended } from "./attention.js";
import { decode, isLast } from "./decoder.js";
import { gated, linearWithoutBias, rmsNorm, rotate } from "./decoder-ops.js";
import { embedding } from "./embedding.js";
import { llamaConfig, llamaPart, type LlamaKind } from "./llama-config.js";
import { canonicalNames, layersBy } from "./names.js";
import { linear } from "./ops.js";
import { lastPositions, logitsBy, parameter, type Pass } from "./pass.js";
import type { Architecture, ModelConfig } from "./types.js";

/** Llama's architecture under a `model_type`. */
const like = (modelType: LlamaKind): Architecture => ({
  modelType,
  head: "score of the last token",
  configure: (json, path) => llamaConfig(modelType, json, path),
  shapes,
  headNames: () => ["score.weight"],
  optionalNames: () => ["score.weight"],
  wordTable: "model.embed_tokens.weight",
  layerOf: layersBy(/^model\.embed_tokens\./, /^model\.layers\.(\d+)\./),
  canonicalName: canonicalNames({
    prefix: "model", bare: /^(embed_tokens|layers|norm)\./, dropped: /^(lm_head|qa_outputs|classifier)\.|\.rotary_emb\.inv_freq$/,
  }),
  logits: logitsBy((pass) => linearWithoutBias(rms(pass, "model.norm", states(pass)), parameter(pass, "score.weight"))),
});

export const llama = like("llama");
export const mistral = like("mistral");
export const qwen2 = like("qwen2");

const rms = (pass: Pass, name: string, x: tf.Tensor): tf.Tensor => rmsNorm(x, parameter(pass, `${name}.weight`), pass.config.layerNormEps);

/** With a bias where config.json gives the layer one. */
function project(pass: Pass, name: string, x: tf.Tensor, biased: boolean): tf.Tensor {
  const weight = parameter(pass, `${name}.weight`);
  return biased ? linear(x, weight, parameter(pass, `${name}.bias`)) : linearWithoutBias(x, weight);
}

/** Embeddings, then all layers: the last token's state [B, H]. */
function states(pass: Pass): tf.Tensor {
  const { batch, config } = pass, { biases } = llamaPart(config);
  const angles = anglesOf(pass);
  const name = (index: number): string => `model.layers.${index}`;
  return decode(pass, embedding(parameter(pass, "model.embed_tokens.weight"), tf.reshape(batch.inputIds, [-1])), {
    attentionNorm: (hidden, i) => rms(pass, `${name(i)}.input_layernorm`, hidden),
    heads: (asking, hidden, i) => headsOf(pass, { name: `${name(i)}.self_attn`, asking, hidden, angles, isLast: isLast(pass, i) }),
    attended: (context, i) => project(pass, `${name(i)}.self_attn.o_proj`, context, biases.attended),
    feedNorm: (hidden, i) => rms(pass, `${name(i)}.post_attention_layernorm`, hidden),
    feedForward: (hidden, i) => {
      const part = (which: string, x: tf.Tensor): tf.Tensor => project(pass, `${name(i)}.mlp.${which}_proj`, x, biases.feed);
      return part("down", gated(config.activation, part("gate", hidden), part("up", hidden)));
    },
  });
}

/** Cosines and sines of every column's position, [L, headSize] each: only differences of positions count, so padding has no say. */
interface Angles { cos: tf.Tensor2D; sin: tf.Tensor2D }

function anglesOf({ config, length }: Pass): Angles {
  const { headSize, rope: { frequencies, scale } } = llamaPart(config);
  const table = (f: (angle: number) => number): tf.Tensor2D => tf.tensor2d(Float32Array.from({ length: length * headSize },
    (_, i) => scale * f(Math.floor(i / headSize) * frequencies[i % headSize % frequencies.length]!)), [length, headSize]);
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

interface HeadsInput { name: string; asking: tf.Tensor; hidden: tf.Tensor; angles: Angles; isLast: boolean }

/** Queries and keys turned by their positions; in the last layer the queries are those of the last tokens. */
function headsOf(pass: Pass, { name, asking, hidden, angles: { cos, sin }, isLast: last }: HeadsInput): Omit<Attended, "bias"> {
  const { config: { heads } } = pass, { keyValueHeads, headSize, biases } = llamaPart(pass.config);
  const part = (which: string, x: tf.Tensor): tf.Tensor => project(pass, `${name}.${which}_proj`, x, biases.heads);
  const here = (table: tf.Tensor): tf.Tensor => (last ? tf.gather(table, lastPositions(pass)) : table);
  return {
    of: [rotate(part("q", asking), here(cos), here(sin)), rotate(part("k", hidden), cos, sin), part("v", hidden)],
    scale: 1 / Math.sqrt(headSize), heads, groups: keyValueHeads,
  };
}

function shapes(config: ModelConfig, labels: number): NamedShapes {
  const { hiddenSize: H, heads, intermediateSize } = config, { keyValueHeads, headSize, biases } = llamaPart(config);
  const affine = (name: string, out: number, width: number, biased: boolean): NamedShapes =>
    ({ [`${name}.weight`]: [out, width], ...(biased ? { [`${name}.bias`]: [out] } : {}) });
  const layer = (name: string): NamedShapes => ({
    ...affine(`${name}.self_attn.q_proj`, heads * headSize, H, biases.heads),
    ...affine(`${name}.self_attn.k_proj`, keyValueHeads * headSize, H, biases.heads),
    ...affine(`${name}.self_attn.v_proj`, keyValueHeads * headSize, H, biases.heads),
    ...affine(`${name}.self_attn.o_proj`, H, heads * headSize, biases.attended),
    ...affine(`${name}.mlp.gate_proj`, intermediateSize, H, biases.feed),
    ...affine(`${name}.mlp.up_proj`, intermediateSize, H, biases.feed),
    ...affine(`${name}.mlp.down_proj`, H, intermediateSize, biases.feed),
    [`${name}.input_layernorm.weight`]: [H], [`${name}.post_attention_layernorm.weight`]: [H],
  });
  return Object.assign({ "model.embed_tokens.weight": [config.vocabSize, H] },
    ...Array.from({ length: config.layers }, (_, i) => layer(`model.layers.${i}`)), { "model.norm.weight": [H], "score.weight": [labels, H] }) as NamedShapes;
}
