/** config.json of Llama, Mistral and Qwen2: Hugging Face's names and defaults, checked. */
import * as z from "zod";
import { UsageError } from "../support/checks.js";
import { activation, checkedFields, rate, requireMultiple, size } from "./config.js";
import { ropeOf } from "./rope.js";
import type { LlamaConfig, ModelConfig } from "./types.js";

export type LlamaKind = "llama" | "mistral" | "qwen2";

/** Where the defaults of Transformers are not Llama's. */
const defaults: Readonly<Record<LlamaKind, object>> = {
  llama: {},
  mistral: { num_key_value_heads: 8, intermediate_size: 14336, max_position_embeddings: 4096 * 32, sliding_window: 4096 },
  qwen2: { vocab_size: 151936, intermediate_size: 22016, num_key_value_heads: 32, max_position_embeddings: 32768 },
};

const schema = z.object({
  vocab_size: size.default(32000),
  hidden_size: size.default(4096),
  intermediate_size: size.default(11008),
  num_hidden_layers: size.default(32),
  num_attention_heads: size.default(32),
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  hidden_act: activation.default("silu"),
  max_position_embeddings: size.default(2048),
  initializer_range: z.number().positive().default(0.02),
  rms_norm_eps: z.number().positive().default(1e-6),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  attention_dropout: rate.nullish(),
  sliding_window: size.nullish(),
  use_sliding_window: z.boolean().default(false),
  pad_token_id: z.int().nullish(),
});

/** @throws {UsageError} naming the file, the field, what it must be and what it is. */
export function llamaConfig(kind: LlamaKind, json: unknown, path: string): ModelConfig {
  const given = typeof json === "object" && json !== null && !Array.isArray(json) ? { ...defaults[kind], ...json } : json;
  const fields = checkedFields(schema, given, path);
  const { hidden_size: width, num_attention_heads: heads } = fields;
  if (fields.head_dim == null) requireMultiple(path, ["hidden_size", width], ["num_attention_heads", heads]);
  const keyValueHeads = fields.num_key_value_heads ?? heads, headSize = fields.head_dim ?? width / heads;
  requireMultiple(path, ["num_attention_heads", heads], ["num_key_value_heads", keyValueHeads]);
  return {
    modelType: kind,
    vocabSize: fields.vocab_size,
    hiddenSize: width,
    layers: fields.num_hidden_layers,
    heads,
    intermediateSize: fields.intermediate_size,
    activation: fields.hidden_act,
    maxPositions: longest(kind, fields),
    typeVocabSize: 0,
    layerNormEps: fields.rms_norm_eps,
    hiddenDropout: 0,
    attentionDropout: fields.attention_dropout ?? 0,
    classifierDropout: 0,
    initializerRange: fields.initializer_range,
    padTokenId: Math.max(fields.pad_token_id ?? 0, 0), // many have none: the mask hides whatever fills
    llama: {
      keyValueHeads, headSize,
      biases: { heads: fields.attention_bias || kind === "qwen2", attended: fields.attention_bias, feed: fields.mlp_bias },
      rope: ropeOf(json, path, { size: headSize, maxPositions: fields.max_position_embeddings }),
    },
  };
}

/** No text is longer than the window in which tokens see one another: then there is nothing to window. */
function longest(kind: LlamaKind, fields: z.infer<typeof schema>): number {
  const windowed = kind === "mistral" || (kind === "qwen2" && fields.use_sliding_window);
  return windowed ? Math.min(fields.max_position_embeddings, fields.sliding_window ?? Infinity) : fields.max_position_embeddings;
}

/** The part of `config` that only these have. */
export function llamaPart({ llama, modelType }: ModelConfig): LlamaConfig {
  if (llama === undefined) throw new UsageError(`logits: config must be a Llama's, got a ${modelType}'s.`);
  return llama;
}
