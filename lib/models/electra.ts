/**
 * ELECTRA (Clark et al. 2020, arXiv 2003.10555), the discriminator; it computes what Transformers'
 * ElectraForSequenceClassification computes. Beside BERT: embeddings may be narrower than the layers, and the head has a layer of
 * its own with GELU in place of the pooler.
 */
import * as z from "zod";
import type { NamedShapes } from "../support/tensors.js";
import { checkedFields, encoderConfig, size } from "./config.js";
import { bertLayerNames, denseShapes, embed, embeddingShapes, embeddingWidth, encode, layerShapes, type LayerNames } from "./encoder.js";
import { projectedLogits, projectedNames, projectedShapes } from "./heads.js";
import { canonicalNames, layersBy } from "./names.js";
import { gelu } from "./ops.js";
import { dense, logitsBy, type Pass } from "./pass.js";
import type { Architecture, ModelConfig } from "./types.js";
import type { Tensor } from "@tensorflow/tfjs-core";

const projection = "electra.embeddings_project";

/** ELECTRA. */
export const electra: Architecture = {
  modelType: "electra",
  head: "dense, gelu, out_proj",
  configure,
  shapes,
  headNames: projectedNames,
  wordTable: "electra.embeddings.word_embeddings.weight",
  optionalNames: projectedNames,
  layerOf: layersBy(/^electra\.embeddings(_project)?\./, /^electra\.encoder\.layer\.(\d+)\./),
  canonicalName: canonicalNames({
    prefix: "electra", bare: /^(embeddings|embeddings_project|encoder)\./,
    dropped: /^(discriminator_predictions|generator_predictions|generator_lm_head|qa_outputs|sequence_summary)\.|^classifier\.(weight|bias)$/,
  }),
  logits: logitsBy((pass) => projectedLogits(pass, encode(pass, layerNames(pass.config), embedded(pass)), gelu)),
};

const sizes = { hidden_size: 256, num_attention_heads: 4, intermediate_size: 1024 };

function configure(json: unknown, path: string): ModelConfig {
  const { embedding_size: embeddingSize } = checkedFields(z.object({ embedding_size: size.default(128) }), json, path);
  return { ...encoderConfig(json, path, sizes), embeddingSize };
}

const isProjected = (config: ModelConfig): boolean => embeddingWidth(config) !== config.hiddenSize;

function embedded(pass: Pass): Tensor {
  const narrow = embed(pass, { name: "electra.embeddings" });
  return isProjected(pass.config) ? dense(pass, projection, narrow) : narrow;
}

const layerNames = ({ layers }: ModelConfig): LayerNames[] => Array.from({ length: layers }, (_, i) => bertLayerNames(`electra.encoder.layer.${i}`));

function shapes(config: ModelConfig, labels: number): NamedShapes {
  const { word, position, type, norm } = embeddingShapes(config, "electra.embeddings");
  const project = isProjected(config) ? denseShapes(projection, config.hiddenSize, embeddingWidth(config)) : {};
  return Object.assign({ ...word, ...position, ...type, ...norm, ...project }, ...layerNames(config).map((names) => layerShapes(config, names)),
    projectedShapes(config, labels)) as NamedShapes;
}
