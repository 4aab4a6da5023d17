/** What a run was asked to do and where it ran: the parts that trial and search records share. */
import { z } from "zod";
import { METHODS } from "./methods.js";
import { metricNames } from "./metrics.js";

/**
 * Version of the numerics of training. A trial is taken up again only under the same protocol: raise it when a change
 * makes the same configuration train to different numbers.
 */
export const PROTOCOL = 1;

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex");
const count = z.int().min(0);
const positive = z.int().min(1);
const share = z.number().min(0).max(1);

/** The pretrained model. `id` is a name or folder and not part of a run's identity; the hash of the weights is. */
export const modelSchema = z.strictObject({
  id: z.string().min(1),
  sha256: sha256Hex,
  /** D: all parameters, the classification head included. */
  parameters: positive,
});

/** A file of one's own: its columns, and its dev rows as another file or as a share held out by seed. */
const fileSchema = z.strictObject({
  path: z.string().min(1),
  dev: z.string().nullable(),
  text: z.string(),
  text2: z.string().nullable(),
  label: z.string(),
  devShare: z.number().positive().lt(1),
  splitSeed: count,
});

/** The data: `dataSource` is what charts print, e.g. "GLUE MRPC (hub)"; identity is the hash and the number of rows used. */
export const taskSchema = z.strictObject({
  name: z.string().min(1),
  dataSource: z.string().min(1),
  sha256: sha256Hex,
  /** What the search compares; with "pearson" and "spearman" labels are numbers, and the model has one output. */
  metric: z.enum(metricNames),
  /** Rows trained on and evaluated on, after any subset was taken. */
  trainRows: positive,
  devRows: positive,
  /** Outputs of the model: classes, or 1 where labels are numbers. */
  labels: positive,
  /** The labels' names by id, of a file of one's own that has classes. */
  labelNames: z.array(z.string()).optional(),
  /** Where a file of one's own lies and how it is read: not part of a run's identity, which the rows are. */
  file: fileSchema.optional(),
  /** Present where training rows that are in dev, too, were left out. */
  dropDuplicates: z.literal(true).optional(),
  /** What always saying the same reaches on the dev rows: the most frequent class's share; 0 for a correlation. */
  majority: share,
});

/** The optimiser, without its learning rate: that belongs to a trial. */
export const optimizerSchema = z.strictObject({
  name: z.enum(["adam", "adamw", "sgd"]),
  schedule: z.enum(["linear", "constant"]),
  /** Share of the steps over which the rate rises from 0. */
  warmup: share,
  weightDecay: z.number().min(0),
  /** Largest norm of the gradient; null does not clip. */
  clipNorm: z.number().positive().nullable(),
  /** Share of the rate that SAID's lambdas move at; null where there are none. */
  lambdaRate: z.number().min(0).nullable(),
});

/** What all trials of one search have in common. */
export const setupFields = {
  /** See PROTOCOL. */
  protocol: positive,
  model: modelSchema,
  task: taskSchema,
  head: z.enum(["projected", "free", "frozen"]),
  optimizer: optimizerSchema,
  /** Rows of one optimiser step, accumulated micro-batches included. */
  batchSize: positive,
  /** Micro-batches that one step accumulates. */
  accumulation: positive,
  /** Tokens of a row, special tokens included. */
  maxLength: positive,
  dropout: share,
  /** Weight of each class in the loss; absent where all weigh the same. */
  classWeights: z.array(z.number().positive()).optional(),
  /** Whether matrix products ran in bfloat16. */
  bf16: z.boolean(),
  /** Name of the preset that chose the values, or null; a label, not part of the identity. */
  preset: z.string().nullable(),
  /** Names of the settings that are not that preset's; absent where all are, and in records of before. A label, too. */
  changed: z.array(z.string()).min(1).optional(),
};

/** What LoRA and IA3 change: the targets as they were named, and rank and alpha where there are any. */
export const adapterSchema = z.strictObject({
  targets: z.array(z.string().min(1)).min(1),
  rank: positive.nullable(),
  alpha: z.number().positive().nullable(),
});

/** Where a learned subspace comes from: principal directions of the snapshots of one full fine-tuning. */
export const learnedSchema = z.strictObject({
  /** Id of that fine-tuning, whose record tells its seed, rate, rows and seconds. */
  run: z.string().min(1),
  /** How many snapshots it left, evenly spaced. */
  snapshots: positive,
  by: z.literal("gram-pca"),
});

/** P by name, m and the grouping of SAID's scalers: null and 0 where they do not apply. */
export const subspaceFields = {
  method: z.enum(METHODS),
  /** Of lora, uni-lora and ia3; absent elsewhere. */
  adapter: adapterSchema.optional(),
  /** Of learned; absent elsewhere. */
  learned: learnedSchema.optional(),
  /** Name of P; null for full fine-tuning. */
  projection: z.string().min(1).nullable(),
  /** m, the number of lambdas: 0 but for SAID. */
  groups: count,
};

/** One seed a purpose, all split from `run`. */
export const seedsSchema = z.strictObject({ run: count, projection: count, head: count, batch: count, dropout: count });

/**
 * Numbers that are learned: `counted` is d (lambdas included), `free` is trained outside the subspace. `basis` is what a learned
 * basis holds, numbers that a random one has not; absent elsewhere.
 */
export const budgetSchema = z.strictObject({ counted: count, free: count, total: count, basis: positive.optional() });

/** Where a run was computed: not part of its identity. */
export const environmentSchema = z.strictObject({
  engine: z.strictObject({
    backend: z.enum(["tensorflow", "wasm", "cpu"]),
    tensorflow: z.string().nullable(),
    device: z.string(),
    threads: count,
    bf16: z.boolean(),
    /** Rounded to bf16 around fp32 products; absent where the processor multiplies bf16 itself, or in fp32. */
    bf16Emulated: z.boolean().optional(),
    mode: z.enum(["recorded", "eager"]),
  }),
  versions: z.strictObject({ d90: z.string(), node: z.string() }),
  /** Operating system and architecture, e.g. "linux-x64". */
  platform: z.string(),
});

export type ModelRecord = z.infer<typeof modelSchema>;
export type TaskRecord = z.infer<typeof taskSchema>;
export type OptimizerRecord = z.infer<typeof optimizerSchema>;
export type AdapterRecord = z.infer<typeof adapterSchema>;
export type LearnedRecord = z.infer<typeof learnedSchema>;
export type SeedsRecord = z.infer<typeof seedsSchema>;
export type BudgetRecord = z.infer<typeof budgetSchema>;
export type EnvironmentRecord = z.infer<typeof environmentSchema>;
