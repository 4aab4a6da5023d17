/**
 * MPNet (Song et al. 2020, arXiv 2004.09297); it computes what Transformers' MPNetForSequenceClassification computes. Beside RoBERTa:
 * no token types, and attention adds a learned number for each head and distance, one table for all layers.
 */
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import type { NamedShapes } from "../support/tensors.js";
import { checkedFields, encoderConfig } from "./config.js";
import { embedding } from "./embedding.js";
import { embed, embeddingShapes, encode, layerShapes, type LayerNames } from "./encoder.js";
import { projectedLogits, projectedNames, projectedShapes } from "./heads.js";
import { canonicalNames, layersBy } from "./names.js";
import { logitsBy, parameter, type Pass } from "./pass.js";
import type { Architecture, ModelConfig } from "./types.js";

const distances = "mpnet.encoder.relative_attention_bias.weight";
/** Transformers counts with these, whatever config.json says. */
const buckets = 32, maxDistance = 128;

/** MPNet. */
export const mpnet: Architecture = {
  modelType: "mpnet",
  head: "dense, tanh, out_proj",
  configure,
  shapes,
  headNames: projectedNames,
  wordTable: "mpnet.embeddings.word_embeddings.weight",
  optionalNames: projectedNames,
  layerOf: layersBy(/^mpnet\.(embeddings|encoder\.relative_attention_bias)\./, /^mpnet\.encoder\.layer\.(\d+)\./),
  canonicalName: canonicalNames({
    prefix: "mpnet", bare: /^(embeddings|encoder|pooler)\./, dropped: /^(lm_head|qa_outputs|mpnet\.pooler)\.|^classifier\.(weight|bias)$/,
  }),
  logits: logitsBy((pass) => {
    const embedded = embed(pass, { name: "mpnet.embeddings", byMask: true, types: false });
    return projectedLogits(pass, encode(pass, layerNames(pass.config), embedded, distanceBias(pass)), (x) => tf.tanh(x));
  }),
};

/** Positions start behind the padding id, which is 1 in Transformers' code. */
const positionOffset = 2;
const fixedBuckets = z.object({
  relative_attention_num_buckets: z.literal(buckets, { error: `must be ${buckets}: Transformers counts with that many whatever is given` }).default(buckets),
});

function configure(json: unknown, path: string): ModelConfig {
  checkedFields(fixedBuckets, json, path);
  const config = encoderConfig(json, path, { vocab_size: 30527, pad_token_id: 1 });
  return { ...config, typeVocabSize: 0, positionOffset, maxPositions: config.maxPositions - positionOffset, classifierDropout: config.hiddenDropout };
}

/** [1, heads, L, L]: the table's number for the distance from the asking token to the other. */
function distanceBias(pass: Pass): tf.Tensor {
  const { length, config: { heads } } = pass;
  const ids = Int32Array.from({ length: length * length }, (_, i) => bucketOf((i % length) - Math.floor(i / length)));
  const rows = embedding(parameter(pass, distances), tf.tensor1d(ids, "int32"));
  return tf.reshape(tf.transpose(rows, [1, 0]), [1, heads, length, length]);
}

/** T5's buckets (Raffel et al. 2019, arXiv 1910.10683): half for each side, each distance one up to 8, then logarithmic to 128. */
export function bucketOf(distance: number): number {
  const side = buckets / 2, exact = side / 2, far = Math.abs(distance);
  const within = far < exact ? far
    : Math.min(side - 1, exact + Math.floor(Math.log(far / exact) / Math.log(maxDistance / exact) * (side - exact)));
  return within + (distance > 0 ? side : 0);
}

const layerNames = ({ layers }: ModelConfig): LayerNames[] => Array.from({ length: layers }, (_, i) => {
  const name = `mpnet.encoder.layer.${i}`;
  return {
    query: `${name}.attention.attn.q`, key: `${name}.attention.attn.k`, value: `${name}.attention.attn.v`, attended: `${name}.attention.attn.o`,
    attendedNorm: `${name}.attention.LayerNorm`, inner: `${name}.intermediate.dense`, outer: `${name}.output.dense`, outerNorm: `${name}.output.LayerNorm`,
  };
});

function shapes(config: ModelConfig, labels: number): NamedShapes {
  const { word, position, norm } = embeddingShapes(config, "mpnet.embeddings");
  return Object.assign({ ...word, ...position, ...norm }, ...layerNames(config).map((names) => layerShapes(config, names)),
    { [distances]: [buckets, config.heads] }, projectedShapes(config, labels)) as NamedShapes;
}
