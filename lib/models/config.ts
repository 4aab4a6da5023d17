/** config.json of an encoder: Hugging Face's names and defaults, checked. */
import * as z from "zod";
import { shown, UsageError } from "../support/checks.js";
import { didYouMean } from "../support/suggest.js";
import { activationNames, refusedActivations } from "./activations.js";
import type { Activation, ModelConfig } from "./types.js";

export const size = z.int().positive();
export const rate = z.number().min(0).lt(1);

/** The name of an activation; those that are trained themselves are refused with the reason. */
export const activation = z.string().transform((name, context): Activation => {
  const found = Object.hasOwn(activationNames, name) ? activationNames[name] : undefined;
  if (found !== undefined) return found;
  const known = `must be one of ${Object.keys(activationNames).join(", ")}`;
  context.addIssue(Object.hasOwn(refusedActivations, name) ? `${known} (${refusedActivations[name]})` : known + didYouMean(name, Object.keys(activationNames)));
  return z.NEVER;
});

/** The fields of BertConfig and its relatives, with the defaults of Hugging Face Transformers; others are ignored. */
const encoderSchema = z.object({
  model_type: z.string(),
  vocab_size: size.default(30522),
  hidden_size: size.default(768),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(12),
  intermediate_size: size.default(3072),
  hidden_act: activation.default("gelu"),
  hidden_dropout_prob: rate.default(0.1),
  attention_probs_dropout_prob: rate.default(0.1),
  classifier_dropout: rate.nullish(),
  max_position_embeddings: size.default(512),
  position_embedding_type: z.literal("absolute", { error: "must be \"absolute\": relative positions are not supported" }).default("absolute"),
  type_vocab_size: size.default(2),
  initializer_range: z.number().positive().default(0.02),
  layer_norm_eps: z.number().positive().default(1e-12),
  pad_token_id: z.int().min(0).nullish(),
  is_decoder: z.literal(false, { error: "must be false: only encoders are supported" }).default(false),
  add_cross_attention: z.literal(false, { error: "must be false: only encoders are supported" }).default(false),
});

/** `json` by `schema`. @throws {UsageError} naming the file, the field, what it must be and what it is. */
export function checkedFields<T>(schema: z.ZodType<T>, json: unknown, path: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new UsageError(`${path}: ${result.error.issues.map((issue) => described(issue, json)).join("; ")}.`);
}

/** Requires that the heads share a width. @throws {UsageError} naming the fields. */
export function requireMultiple(path: string, [name, value]: [string, number], [divisorName, divisor]: [string, number]): void {
  if (value % divisor !== 0) throw new UsageError(`${path}: ${name} must be a multiple of ${divisorName} ${divisor}, got ${value}.`);
}

/**
 * Reads the configuration that BERT and its relatives share.
 * @param json parsed config.json; @param path its path, for messages; @param defaults fields whose default is not BERT's.
 * @throws {UsageError} naming the file, the field, what it must be and what it is.
 */
export function encoderConfig(json: unknown, path: string, defaults: Readonly<Record<string, unknown>> = {}): ModelConfig {
  const given = typeof json === "object" && json !== null && !Array.isArray(json) ? { ...defaults, ...json } : json;
  const fields = checkedFields(encoderSchema, given, path);
  const { hidden_size: width, num_attention_heads: heads } = fields;
  requireMultiple(path, ["hidden_size", width], ["num_attention_heads", heads]);
  return {
    modelType: fields.model_type,
    vocabSize: fields.vocab_size,
    hiddenSize: width,
    layers: fields.num_hidden_layers,
    heads,
    intermediateSize: fields.intermediate_size,
    activation: fields.hidden_act,
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
