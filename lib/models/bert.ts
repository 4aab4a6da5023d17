/**
 * BERT for sequence classification (Devlin et al. 2018, arXiv 1810.04805) as pure functions over parameters that carry
 * Hugging Face's names; it computes what Transformers' BertForSequenceClassification computes.
 */
import type { NamedShapes } from "../support/tensors.js";
import { encoderConfig } from "./config.js";
import { bertLayerNames, denseShapes, embed, embeddingShapes, encode, layerShapes, type LayerNames } from "./encoder.js";
import { pooledLogits, weightAndBias } from "./heads.js";
import { canonicalNames, layersBy } from "./names.js";
import { logitsBy } from "./pass.js";
import type { Architecture, ModelConfig } from "./types.js";

/** BERT. */
export const bert: Architecture = {
  modelType: "bert",
  head: "tanh of the pooler, classifier",
  configure: encoderConfig,
  shapes,
  headNames: () => weightAndBias("classifier"),
  wordTable: "bert.embeddings.word_embeddings.weight",
  optionalNames: () => weightAndBias("bert.pooler.dense", "classifier"),
  layerOf: layersBy(/^bert\.embeddings\./, /^bert\.encoder\.layer\.(\d+)\./),
  canonicalName: canonicalNames({ prefix: "bert", bare: /^(embeddings|encoder|pooler)\./, dropped: /^(cls|qa_outputs)\./ }),
  logits: logitsBy((pass) =>
    pooledLogits(pass, "bert.pooler.dense", encode(pass, layerNames(pass.config), embed(pass, { name: "bert.embeddings" })))),
};

const layerNames = ({ layers }: ModelConfig): LayerNames[] => Array.from({ length: layers }, (_, i) => bertLayerNames(`bert.encoder.layer.${i}`));

function shapes(config: ModelConfig, labels: number): NamedShapes {
  const { hiddenSize: H } = config;
  const { word, position, type, norm } = embeddingShapes(config, "bert.embeddings");
  return Object.assign({ ...word, ...position, ...type, ...norm }, ...layerNames(config).map((names) => layerShapes(config, names)),
    denseShapes("bert.pooler.dense", H, H), denseShapes("classifier", labels, H)) as NamedShapes;
}
