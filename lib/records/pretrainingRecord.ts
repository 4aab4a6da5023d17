/** One pre-training: what was trained on what, how its validation perplexity fell, and where its checkpoints are. */
import { z } from "zod";
import { environmentSchema } from "./configuration.js";
import { lossPointSchema } from "./trialRecord.js";

const count = z.int().min(0);
const positive = z.int().min(1);
const hash = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex");

/** Everything that decides the weights. */
export const pretrainingConfigurationSchema = z.strictObject({
  protocol: positive,
  /** `source` is what charts print; identity is the hash of the packed rows. Perplexity is measured on all validation rows. */
  corpus: z.strictObject({
    source: z.string().min(1), trainSha256: hash, validationSha256: hash, trainRows: positive, validationRows: positive, trainTokens: positive,
  }),
  /** Hash of tokenizer.json, and its size. */
  tokenizer: z.strictObject({ sha256: hash, size: positive }),
  /** Width, depth and the number of parameters, the heads of pre-training included. */
  model: z.strictObject({ hiddenSize: positive, layers: positive, heads: positive, positions: positive, parameters: positive }),
  length: positive,
  updates: positive,
  every: positive,
  batchSize: positive,
  accumulation: positive,
  optimizer: z.enum(["adamw", "lamb"]),
  learningRate: z.number().min(0),
  warmup: z.number().min(0).max(1),
  weightDecay: z.number().min(0),
  clipNorm: z.number().min(0),
  dropout: z.number().min(0).max(1),
  masking: z.enum(["dynamic", "static"]),
  /** Whether the next-sentence task was trained, too; left out where not. */
  nextSentence: z.literal(true).optional(),
  seed: count,
  bf16: z.boolean(),
  /** A label, not part of the identity. */
  preset: z.string().nullable(),
});

/** Validation at one checkpoint. */
export const pretrainingEvaluationSchema = z.strictObject({
  update: count,
  /** Tokens seen, padding excluded, rounded to whole batches of the mean row. */
  tokens: count,
  /** Mean cross-entropy at masked positions in nats, and e to its power. */
  loss: z.number(),
  perplexity: z.number(),
  /** Of the next-sentence task: mean cross-entropy in nats, and the share of pairs that are told right. */
  nextSentence: z.strictObject({ loss: z.number(), accuracy: z.number().min(0).max(1) }).optional(),
  /** Folder of the checkpoint, relative to the record's, and the hash of its weights. */
  folder: z.string(),
  sha256: hash,
});

/** The record of a pre-training, `pretraining.json` in its folder, written anew at every checkpoint. */
export const pretrainingRecordSchema = z.strictObject({
  record: z.literal("pretraining"),
  version: z.literal(1),
  id: z.string(),
  configuration: pretrainingConfigurationSchema,
  environment: environmentSchema,
  outcome: z.enum(["running", "completed", "diverged", "interrupted"]),
  /** Updates done. */
  updates: count,
  evaluations: z.array(pretrainingEvaluationSchema),
  /** Training loss, thinned. */
  losses: z.array(lossPointSchema),
  seconds: z.number().min(0),
  /** Tokens a second, padding included, over the last interval. */
  tokensPerSecond: z.number().min(0).nullable(),
  startedAt: z.iso.datetime(),
  /** The command or call that makes it again. */
  command: z.string(),
});

export type PretrainingConfiguration = z.infer<typeof pretrainingConfigurationSchema>;
export type PretrainingEvaluation = z.infer<typeof pretrainingEvaluationSchema>;
export type PretrainingRecord = z.infer<typeof pretrainingRecordSchema>;
