/** config.json of an encoder: Hugging Face's names and defaults, checked. */
import * as z from "zod";
import { shown, UsageError } from "../support/checks.js";
import type { Activation, ModelConfig } from "./types.js";

/** Hugging Face's names of the activations that are supported. */
const activations: Readonly<Record<string, Activation>> = {
  gelu: "gelu", gelu_python: "gelu", gelu_new: "gelu_new", gelu_pytorch_tanh: "gelu_new", relu: "relu", silu: "silu", swish: "silu",
};

const size = z.int().positive();
const rate = z.number().min(0).lt(1);

/** The fields of BertConfig and its relatives, with the defaults of Hugging Face Transformers; others are ignored. */
const encoderSchema = z.object({
  model_type: z.string(),
  vocab_size: size.default(30522),
  hidden_size: size.default(768),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(12),
  intermediate_size: size.default(3072),
  hidden_act: z.enum(Object.keys(activations) as [string, ...string[]]).default("gelu"),
  hidden_dropout_prob: rate.default(0.1),
  attention_probs_dropout_prob: rate.default(0.1),
  classifier_dropout: rate.nullish(),
  max_position_embeddings: size.default(512),
  position_embedding_type: z.literal("absolute").default("absolute"),
  type_vocab_size: size.default(2),
  initializer_range: z.number().positive().default(0.02),
  layer_norm_eps: z.number().positive().default(1e-12),
  pad_token_id: z.int().min(0).nullish(),
  is_decoder: z.literal(false, { error: "must be false: only encoders are supported" }).default(false),
  add_cross_attention: z.literal(false, { error: "must be false: only encoders are supported" }).default(false),
});

/**
 * Reads the configuration that BERT and its relatives share.
 * @param json parsed config.json; @param path its path, for messages.
 * @throws {UsageError} naming the file, the field, what it must be and what it is.
 */
export function encoderConfig(json: unknown, path: string): ModelConfig {
  const result = encoderSchema.safeParse(json);
  if (!result.success) throw new UsageError(`${path}: ${result.error.issues.map((issue) => described(issue, json)).join("; ")}.`);
  const fields = result.data;
  const { hidden_size: width, num_attention_heads: heads } = fields;
  if (width % heads !== 0) {
    throw new UsageError(`${path}: hidden_size must be a multiple of num_attention_heads ${heads}, got ${width}.`);
  }
  return {
    modelType: fields.model_type,
    vocabSize: fields.vocab_size,
    hiddenSize: width,
    layers: fields.num_hidden_layers,
    heads,
    intermediateSize: fields.intermediate_size,
    activation: activations[fields.hidden_act]!,
    maxPositions: fields.max_position_embeddings,
    typeVocabSize: fields.type_vocab_size,
    layerNormEps: fields.layer_norm_eps,
    hiddenDropout: fields.hidden_dropout_prob,
    attentionDropout: fields.attention_probs_dropout_prob,
    classifierDropout: fields.classifier_dropout ?? fields.hidden_dropout_prob,
    initializerRange: fields.initializer_range,
    padTokenId: fields.pad_token_id ?? 0,
  };
}

/** "hidden_act: Invalid option: expected one of ..., got "mish"". */
function described(issue: z.core.$ZodIssue, json: unknown): string {
  const field = issue.path.join(".");
  const value = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], json);
  return `${field === "" ? "" : `${field}: `}${issue.message}, got ${shown(value)}`;
}
