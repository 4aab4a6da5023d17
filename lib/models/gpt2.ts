/**
 * GPT-2 (Radford et al. 2019) with a score of the last token; it computes what Transformers' GPT2ForSequenceClassification computes,
 * given positions that count the tokens: padding has no say on either side.
 */
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import type { NamedShapes } from "../support/tensors.js";
import { activate } from "./activations.js";
import type { Attended } from "./attention.js";
import { activation, checkedFields, rate, requireMultiple, size } from "./config.js";
import { decode, isLast } from "./decoder.js";
import { linearInOut, linearWithoutBias } from "./decoder-ops.js";
import { embedding } from "./embedding.js";
import { normShapes } from "./encoder.js";
import { canonicalNames, layersBy } from "./names.js";
import { lastTokens, logitsBy, norm, parameter, positionsByMask, type Pass } from "./pass.js";
import type { Architecture, ModelConfig } from "./types.js";

/** GPT-2. */
export const gpt2: Architecture = {
  modelType: "gpt2",
  head: "score of the last token",
  configure,
  shapes,
  headNames: () => ["score.weight"],
  optionalNames: () => ["score.weight"],
  wordTable: "transformer.wte.weight",
  layerOf: layersBy(/^transformer\.(wte|wpe)\./, /^transformer\.h\.(\d+)\./),
  canonicalName: canonicalNames({
    prefix: "transformer", bare: /^(wte|wpe|h|ln_f)\./,
    dropped: /^(lm_head|multiple_choice_head|qa_outputs|classifier)\.|\.attn\.(bias|masked_bias)$/, // masks that old versions saved
  }),
  logits: logitsBy((pass) => linearWithoutBias(norm(pass, "transformer.ln_f", states(pass)), parameter(pass, "score.weight"))),
};

const schema = z.object({
  vocab_size: size.default(50257),
  n_positions: size.default(1024),
  n_embd: size.default(768),
  n_layer: size.default(12),
  n_head: size.default(12),
  n_inner: size.nullish(),
  activation_function: activation.default("gelu_new"),
  resid_pdrop: rate.default(0.1),
  embd_pdrop: rate.default(0.1),
  attn_pdrop: rate.default(0.1),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  initializer_range: z.number().positive().default(0.02),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  add_cross_attention: z.literal(false, { error: "must be false: there is nothing to attend to but the text" }).default(false),
  pad_token_id: z.int().nullish(),
});

function configure(json: unknown, path: string): ModelConfig {
  const fields = checkedFields(schema, json, path);
  requireMultiple(path, ["n_embd", fields.n_embd], ["n_head", fields.n_head]);
  return {
    modelType: "gpt2",
    vocabSize: fields.vocab_size,
    hiddenSize: fields.n_embd,
    layers: fields.n_layer,
    heads: fields.n_head,
    intermediateSize: fields.n_inner ?? 4 * fields.n_embd,
    activation: fields.activation_function,
    maxPositions: fields.n_positions,
    typeVocabSize: 0,
    layerNormEps: fields.layer_norm_epsilon,
    hiddenDropout: fields.resid_pdrop,
    embeddingDropout: fields.embd_pdrop,
    attentionDropout: fields.attn_pdrop,
    classifierDropout: 0,
    initializerRange: fields.initializer_range,
    padTokenId: Math.max(fields.pad_token_id ?? 0, 0), // it has none of its own: the mask hides whatever fills
    scores: { bySize: fields.scale_attn_weights, byLayer: fields.scale_attn_by_inverse_layer_idx },
  };
}

/** Word and position embeddings, then all layers: the last token's state [B, H]. */
function states(pass: Pass): tf.Tensor {
  const { batch, config, drop } = pass;
  const words = embedding(parameter(pass, "transformer.wte.weight"), tf.reshape(batch.inputIds, [-1]));
  const embedded = tf.add(words, embedding(parameter(pass, "transformer.wpe.weight"), positionsByMask(pass)));
  const name = (index: number): string => `transformer.h.${index}`;
  const affine = (part: string, x: tf.Tensor): tf.Tensor => linearInOut(x, parameter(pass, `${part}.weight`), parameter(pass, `${part}.bias`));
  return decode(pass, drop(embedded, config.embeddingDropout ?? config.hiddenDropout), {
    attentionNorm: (hidden, i) => norm(pass, `${name(i)}.ln_1`, hidden),
    heads: (_asking, hidden, i) => headsOf(pass, affine(`${name(i)}.attn.c_attn`, hidden), i),
    attended: (context, i) => drop(affine(`${name(i)}.attn.c_proj`, context), config.hiddenDropout),
    feedNorm: (hidden, i) => norm(pass, `${name(i)}.ln_2`, hidden),
    feedForward: (hidden, i) =>
      drop(affine(`${name(i)}.mlp.c_proj`, activate[config.activation](affine(`${name(i)}.mlp.c_fc`, hidden))), config.hiddenDropout),
  });
}

/** Queries, keys and values lie side by side in the columns of one product [B L, 3 H]. */
function headsOf(pass: Pass, joined: tf.Tensor, index: number): Omit<Attended, "bias"> {
  const { config: { hiddenSize: H, heads, scores } } = pass, rows = joined.shape[0] ?? 0;
  const columns = (place: number, count = 1): tf.Tensor => tf.slice(joined, [0, place * H], [rows, count * H]);
  const scale = (scores?.bySize === false ? 1 : 1 / Math.sqrt(H / heads)) / (scores?.byLayer === true ? index + 1 : 1);
  return { of: isLast(pass, index) ? [lastTokens(pass, columns(0)), columns(1, 2)] : [joined], scale, heads };
}

function shapes(config: ModelConfig, labels: number): NamedShapes {
  const { hiddenSize: H, intermediateSize } = config;
  const affine = (name: string, width: number, out: number): NamedShapes => ({ [`${name}.weight`]: [width, out], [`${name}.bias`]: [out] });
  const layer = (name: string): NamedShapes => ({
    ...normShapes(`${name}.ln_1`, H), ...affine(`${name}.attn.c_attn`, H, 3 * H), ...affine(`${name}.attn.c_proj`, H, H),
    ...normShapes(`${name}.ln_2`, H), ...affine(`${name}.mlp.c_fc`, H, intermediateSize), ...affine(`${name}.mlp.c_proj`, intermediateSize, H),
  });
  return Object.assign({ "transformer.wte.weight": [config.vocabSize, H], "transformer.wpe.weight": [config.maxPositions, H] },
    ...Array.from({ length: config.layers }, (_, i) => layer(`transformer.h.${i}`)), normShapes("transformer.ln_f", H), { "score.weight": [labels, H] }) as NamedShapes;
}
