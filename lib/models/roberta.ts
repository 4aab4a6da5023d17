/**
 * RoBERTa (Liu et al. 2019, arXiv 1907.11692), and XLM-R (Conneau et al. 2019, arXiv 1911.02116) and CamemBERT (Martin et al.
 * 2019, arXiv 1911.03894), which are it with other vocabularies; they compute what Transformers' ...ForSequenceClassification do.
 * Beside BERT: positions are counted from the padding id on, and the head has a layer of its own in place of the pooler.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedShapes } from "../support/tensors.js";
import { encoderConfig } from "./config.js";
import { bertLayerNames, embed, embeddingShapes, encode, layerShapes, type LayerNames } from "./encoder.js";
import { projectedLogits, projectedNames, projectedShapes } from "./heads.js";
import { canonicalNames, layersBy } from "./names.js";
import { logitsBy } from "./pass.js";
import type { Architecture, ModelConfig } from "./types.js";

/** RoBERTa's architecture under a `model_type`; the parameters of all start with "roberta". @param vocabulary pieces where config.json names none. */
const like = (modelType: string, vocabulary: number): Architecture => ({
  modelType,
  head: "dense, tanh, out_proj",
  configure: (json, path) => configure(json, path, vocabulary),
  shapes,
  headNames: projectedNames,
  wordTable: "roberta.embeddings.word_embeddings.weight",
  optionalNames: projectedNames,
  layerOf: layersBy(/^roberta\.embeddings\./, /^roberta\.encoder\.layer\.(\d+)\./),
  canonicalName: canonicalNames({
    prefix: "roberta", bare: /^(embeddings|encoder|pooler)\./,
    dropped: /^(lm_head|qa_outputs|roberta\.pooler)\.|^classifier\.(weight|bias)$/, // a token classifier has no dense and out_proj
  }),
  logits: logitsBy((pass) => {
    const embedded = embed(pass, { name: "roberta.embeddings", byMask: true });
    return projectedLogits(pass, encode(pass, layerNames(pass.config), embedded), (x) => tf.tanh(x));
  }),
});

export const roberta = like("roberta", 50_265);
export const xlmRoberta = like("xlm-roberta", 30_522);
export const camembert = like("camembert", 30_522);

/** Positions start behind the padding id, so that the table has more rows than texts have tokens. */
function configure(json: unknown, path: string, vocabulary: number): ModelConfig {
  const config = encoderConfig(json, path, { vocab_size: vocabulary, pad_token_id: 1 });
  const positionOffset = config.padTokenId + 1;
  return { ...config, positionOffset, maxPositions: config.maxPositions - positionOffset };
}

const layerNames = ({ layers }: ModelConfig): LayerNames[] => Array.from({ length: layers }, (_, i) => bertLayerNames(`roberta.encoder.layer.${i}`));

function shapes(config: ModelConfig, labels: number): NamedShapes {
  const { word, position, type, norm } = embeddingShapes(config, "roberta.embeddings");
  return Object.assign({ ...word, ...type, ...norm, ...position }, ...layerNames(config).map((names) => layerShapes(config, names)),
    projectedShapes(config, labels)) as NamedShapes;
}
