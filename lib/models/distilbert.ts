/**
 * DistilBERT (Sanh et al. 2019, arXiv 1910.01108); it computes what Transformers' DistilBertForSequenceClassification computes.
 * Beside BERT: no token types, no dropout after attention, and the head has a layer with ReLU in place of the pooler.
 */
import * as z from "zod";
import type { NamedShapes } from "../support/tensors.js";
import { activation, checkedFields, rate, requireMultiple, size } from "./config.js";
import { denseShapes, embed, embeddingShapes, encode, layerShapes, type LayerNames } from "./encoder.js";
import { weightAndBias } from "./heads.js";
import { canonicalNames, layersBy } from "./names.js";
import { relu } from "./ops.js";
import { dense, logitsBy } from "./pass.js";
import type { Architecture, ModelConfig } from "./types.js";

/** DistilBERT. */
export const distilbert: Architecture = {
  modelType: "distilbert",
  head: "pre_classifier, relu, classifier",
  configure,
  shapes,
  headNames: () => weightAndBias("pre_classifier", "classifier"),
  wordTable: "distilbert.embeddings.word_embeddings.weight",
  optionalNames: () => weightAndBias("pre_classifier", "classifier"),
  layerOf: layersBy(/^distilbert\.embeddings\./, /^distilbert\.transformer\.layer\.(\d+)\./),
  canonicalName: canonicalNames({
    prefix: "distilbert", bare: /^(embeddings|transformer)\./, dropped: /^(vocab_transform|vocab_layer_norm|vocab_projector|qa_outputs)\./,
  }),
  logits: logitsBy((pass) => {
    const first = encode(pass, layerNames(pass.config), embed(pass, { name: "distilbert.embeddings", types: false }));
    return dense(pass, "classifier", pass.drop(relu(dense(pass, "pre_classifier", first)), pass.config.classifierDropout));
  }),
};

const schema = z.object({
  vocab_size: size.default(30522),
  dim: size.default(768),
  n_layers: size.default(6),
  n_heads: size.default(12),
  hidden_dim: size.default(3072),
  activation: activation.default("gelu"),
  dropout: rate.default(0.1),
  attention_dropout: rate.default(0.1),
  seq_classif_dropout: rate.default(0.2),
  max_position_embeddings: size.default(512),
  sinusoidal_pos_embds: z.literal(false, { error: "must be false: Transformers does not train sinusoidal positions, and here every parameter is trained" }).default(false),
  initializer_range: z.number().positive().default(0.02),
  pad_token_id: z.int().min(0).nullish(),
});

function configure(json: unknown, path: string): ModelConfig {
  const fields = checkedFields(schema, json, path);
  requireMultiple(path, ["dim", fields.dim], ["n_heads", fields.n_heads]);
  return {
    modelType: "distilbert",
    vocabSize: fields.vocab_size,
    hiddenSize: fields.dim,
    layers: fields.n_layers,
    heads: fields.n_heads,
    intermediateSize: fields.hidden_dim,
    activation: fields.activation,
    maxPositions: fields.max_position_embeddings,
    typeVocabSize: 0,
    layerNormEps: 1e-12,
    hiddenDropout: fields.dropout,
    attentionDropout: fields.attention_dropout,
    classifierDropout: fields.seq_classif_dropout,
    initializerRange: fields.initializer_range,
    padTokenId: fields.pad_token_id ?? 0,
  };
}

const layerNames = ({ layers }: ModelConfig): LayerNames[] => Array.from({ length: layers }, (_, i) => {
  const name = `distilbert.transformer.layer.${i}`;
  return {
    query: `${name}.attention.q_lin`, key: `${name}.attention.k_lin`, value: `${name}.attention.v_lin`, attended: `${name}.attention.out_lin`,
    attendedNorm: `${name}.sa_layer_norm`, inner: `${name}.ffn.lin1`, outer: `${name}.ffn.lin2`, outerNorm: `${name}.output_layer_norm`, dropAttended: false,
  };
});

function shapes(config: ModelConfig, labels: number): NamedShapes {
  const { hiddenSize: H } = config;
  const { word, position, norm } = embeddingShapes(config, "distilbert.embeddings");
  return Object.assign({ ...word, ...position, ...norm }, ...layerNames(config).map((names) => layerShapes(config, names)),
    denseShapes("pre_classifier", H, H), denseShapes("classifier", labels, H)) as NamedShapes;
}
