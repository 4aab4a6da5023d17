/**
 * ALBERT (Lan et al. 2019, arXiv 1909.11942); it computes what Transformers' AlbertForSequenceClassification computes. Beside BERT:
 * embeddings are narrower than the layers, and all layers of a group are one: theta holds its parameters once, whose gradient is
 * the sum over the layers, and SAID's group is it.
 */
import * as z from "zod";
import type { NamedShapes } from "../support/tensors.js";
import { checkedFields, encoderConfig, rate, size } from "./config.js";
import { denseShapes, embed, embeddingShapes, embeddingWidth, encode, layerShapes, type LayerNames } from "./encoder.js";
import { pooledLogits, weightAndBias } from "./heads.js";
import { canonicalNames } from "./names.js";
import { dense, logitsBy } from "./pass.js";
import type { Architecture, ModelConfig } from "./types.js";

const mapping = "albert.encoder.embedding_hidden_mapping_in";

/** ALBERT. */
export const albert: Architecture = {
  modelType: "albert",
  head: "tanh of the pooler, classifier",
  configure,
  shapes,
  headNames: () => weightAndBias("classifier"),
  wordTable: "albert.embeddings.word_embeddings.weight",
  optionalNames: () => weightAndBias("albert.pooler", "classifier"),
  layerOf,
  canonicalName: canonicalNames({ prefix: "albert", bare: /^(embeddings|encoder|pooler)\./, dropped: /^(predictions|sop_classifier|qa_outputs)\./ }),
  logits: logitsBy((pass) => {
    const embedded = dense(pass, mapping, embed(pass, { name: "albert.embeddings" }));
    return pooledLogits(pass, "albert.pooler", encode(pass, layersOf(pass.config), embedded));
  }),
};

const defaults = { vocab_size: 30000, hidden_size: 4096, num_attention_heads: 64, intermediate_size: 16384, hidden_act: "gelu_new",
  hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 };
const own = z.object({ embedding_size: size.default(128), num_hidden_groups: size.default(1), inner_group_num: size.default(1), classifier_dropout_prob: rate.default(0.1) });

function configure(json: unknown, path: string): ModelConfig {
  const fields = checkedFields(own, json, path);
  return {
    ...encoderConfig(json, path, defaults), embeddingSize: fields.embedding_size, classifierDropout: fields.classifier_dropout_prob,
    sharing: { groups: fields.num_hidden_groups, inner: fields.inner_group_num },
  };
}

/** "layer.0", or where a group holds several "layer.0", "layer.0.1", ... */
function layerOf(name: string): string {
  const [, group, inner] = /albert_layer_groups\.(\d+)\.albert_layers\.(\d+)\./.exec(name) ?? [];
  if (group !== undefined) return inner === "0" ? `layer.${group}` : `layer.${group}.${inner}`;
  return name.startsWith("albert.embeddings.") || name.startsWith(mapping) ? "embeddings" : "head";
}

const sharing = ({ sharing: { groups, inner } = { groups: 1, inner: 1 } }: ModelConfig): { groups: number; inner: number } => ({ groups, inner });

/** The feed-forward part has no dropout. */
function layerNames(group: number, inner: number): LayerNames {
  const name = `albert.encoder.albert_layer_groups.${group}.albert_layers.${inner}`;
  return {
    query: `${name}.attention.query`, key: `${name}.attention.key`, value: `${name}.attention.value`, attended: `${name}.attention.dense`,
    attendedNorm: `${name}.attention.LayerNorm`, inner: `${name}.ffn`, outer: `${name}.ffn_output`, outerNorm: `${name}.full_layer_layer_norm`, dropOuter: false,
  };
}

const groupNames = (group: number, inner: number): LayerNames[] => Array.from({ length: inner }, (_, j) => layerNames(group, j));

/** The layers in the order in which they run, each as often as it does. */
function layersOf(config: ModelConfig): LayerNames[] {
  const { groups, inner } = sharing(config);
  return Array.from({ length: config.layers }, (_, i) => groupNames(Math.floor(i / (config.layers / groups)), inner)).flat();
}

/** Transformers has a layer's last norm first. */
function sharedShapes(config: ModelConfig, names: LayerNames): NamedShapes {
  const [weight, bias] = weightAndBias(names.outerNorm);
  return { [weight!]: [config.hiddenSize], [bias!]: [config.hiddenSize], ...layerShapes(config, names) };
}

function shapes(config: ModelConfig, labels: number): NamedShapes {
  const { hiddenSize: H } = config, { groups, inner } = sharing(config);
  const { word, position, type, norm } = embeddingShapes(config, "albert.embeddings");
  const layers = Array.from({ length: groups }, (_, group) => groupNames(group, inner)).flat();
  return Object.assign({ ...word, ...position, ...type, ...norm, ...denseShapes(mapping, H, embeddingWidth(config)) },
    ...layers.map((names) => sharedShapes(config, names)), denseShapes("albert.pooler", H, H), denseShapes("classifier", labels, H)) as NamedShapes;
}
