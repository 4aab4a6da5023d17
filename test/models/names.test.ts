import assert from "node:assert/strict";
import { test } from "node:test";
import { architectureOf } from "../../lib/models/registry.js";
import { layersBy } from "../../lib/models/names.js";

/** Names in checkpoints, and what they are here; null for what belongs to no classifier. */
const names: Record<string, Record<string, string | null>> = {
  bert: {
    "embeddings.LayerNorm.gamma": "bert.embeddings.LayerNorm.weight",
    "bert.encoder.layer.0.output.LayerNorm.beta": "bert.encoder.layer.0.output.LayerNorm.bias",
    "pooler.dense.bias": "bert.pooler.dense.bias",
    "classifier.weight": "classifier.weight",
    "embeddings.position_ids": null, "cls.predictions.bias": null, "qa_outputs.weight": null,
  },
  roberta: {
    "encoder.layer.3.attention.self.key.bias": "roberta.encoder.layer.3.attention.self.key.bias",
    "roberta.embeddings.LayerNorm.gamma": "roberta.embeddings.LayerNorm.weight",
    "classifier.out_proj.weight": "classifier.out_proj.weight",
    "roberta.embeddings.position_ids": null, "lm_head.dense.weight": null, "pooler.dense.weight": null, "roberta.pooler.dense.weight": null,
    "classifier.weight": null, "qa_outputs.bias": null,
  },
  "xlm-roberta": { "embeddings.word_embeddings.weight": "roberta.embeddings.word_embeddings.weight", "lm_head.bias": null },
  camembert: { "roberta.encoder.layer.0.output.dense.weight": "roberta.encoder.layer.0.output.dense.weight", "lm_head.decoder.weight": null },
  electra: {
    "electra.embeddings_project.weight": "electra.embeddings_project.weight", "embeddings.LayerNorm.beta": "electra.embeddings.LayerNorm.bias",
    "embeddings_project.bias": "electra.embeddings_project.bias", "discriminator_predictions.dense.weight": null, "generator_lm_head.bias": null,
    "classifier.bias": null, "classifier.dense.bias": "classifier.dense.bias",
  },
  albert: {
    "encoder.albert_layer_groups.0.albert_layers.0.ffn.bias": "albert.encoder.albert_layer_groups.0.albert_layers.0.ffn.bias",
    "pooler.weight": "albert.pooler.weight", "albert.pooler.bias": "albert.pooler.bias", "predictions.decoder.weight": null, "sop_classifier.classifier.bias": null,
  },
  distilbert: {
    "transformer.layer.0.ffn.lin1.weight": "distilbert.transformer.layer.0.ffn.lin1.weight", "vocab_transform.weight": null,
    "vocab_layer_norm.bias": null, "vocab_projector.bias": null, "pre_classifier.bias": "pre_classifier.bias",
  },
  mpnet: {
    "encoder.relative_attention_bias.weight": "mpnet.encoder.relative_attention_bias.weight", "pooler.dense.weight": null,
    "lm_head.layer_norm.weight": null, "embeddings.position_ids": null,
  },
  gpt2: {
    "h.0.attn.c_attn.bias": "transformer.h.0.attn.c_attn.bias", "transformer.ln_f.weight": "transformer.ln_f.weight", "wte.weight": "transformer.wte.weight",
    "h.0.attn.bias": null, "transformer.h.11.attn.masked_bias": null, "lm_head.weight": null, "multiple_choice_head.summary.weight": null,
  },
  llama: {
    "layers.0.self_attn.q_proj.weight": "model.layers.0.self_attn.q_proj.weight", "model.norm.weight": "model.norm.weight",
    "embed_tokens.weight": "model.embed_tokens.weight", "model.layers.0.self_attn.rotary_emb.inv_freq": null, "lm_head.weight": null, "score.weight": "score.weight",
  },
};

for (const [modelType, expected] of Object.entries(names)) {
  test(`${modelType}: a checkpoint's names are understood with and without prefix, of other tasks, and in old spelling`, () => {
    const { canonicalName } = architectureOf(modelType, "");
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, canonicalName(name)])), expected);
  });
}

test("layers are told by their number, and what is neither embedding nor layer is the head's", () => {
  const layerOf = layersBy(/^a\.embeddings\./, /^a\.layer\.(\d+)\./);
  assert.deepEqual(["a.embeddings.x", "a.layer.11.y", "a.pooler.x", "classifier.bias"].map(layerOf), ["embeddings", "layer.11", "head", "head"]);
});
