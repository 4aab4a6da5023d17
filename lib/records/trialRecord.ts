/** One training: full fine-tuning, or one (method, d, learning rate, seed). */
import { z } from "zod";
import { budgetSchema, environmentSchema, seedsSchema, setupFields, subspaceFields } from "./configuration.js";
import { isDimensioned, type Method } from "./methods.js";

/** Everything that decides what a trial computes. */
export const trialConfigurationSchema = z.strictObject({
  /** full: full fine-tuning; subspace: a method with a d; adapter: one whose size follows from its settings. */
  kind: z.enum(["full", "subspace", "adapter"]),
  ...setupFields,
  ...subspaceFields,
  /** Intrinsic dimension, the lambdas of SAID included; null for methods without one. */
  d: z.int().min(1).nullable(),
  budget: budgetSchema,
  learningRate: z.number().positive(),
  epochs: z.number().positive(),
  seeds: seedsSchema,
});

/** The kind of a method's trials. */
export const kindOf = (method: Method): "full" | "subspace" | "adapter" =>
  method === "full" ? "full" : isDimensioned(method) ? "subspace" : "adapter";

/** The dev set evaluated during or after training; `loss` is null where it is not finite. */
export const evaluationSchema = z.strictObject({
  /** Optimiser steps done. */
  step: z.int().min(0),
  epoch: z.number().min(0),
  metric: z.number(),
  loss: z.number().nullable(),
});

/** One point of the training loss; null where it is not finite. */
export const lossPointSchema = z.strictObject({ step: z.int().min(0), loss: z.number().nullable() });

const correlation = z.number().min(-1).max(1);

/** What the last step reached: never the best of several evaluations. */
export const finalSchema = z.strictObject({
  /** The task's metric on the dev set. */
  metric: z.number(),
  /** Null where labels are numbers. */
  accuracy: z.number().min(0).max(1).nullable(),
  /** F1 of label 1; null for tasks of more than two classes. */
  f1: z.number().min(0).max(1).nullable(),
  /** Correlations, where the task is measured by one of them. */
  matthews: correlation.optional(),
  pearson: correlation.optional(),
  spearman: correlation.optional(),
  /** Mean cross-entropy in nats, or mean squared error where labels are numbers. */
  loss: z.number().nullable(),
  /** Accuracy on the training rows, for the gap of the paper's Figure 5; null where it was not measured. */
  trainAccuracy: z.number().min(0).max(1).nullable(),
});

export const trialOutcomeSchema = z.enum(["completed", "diverged", "interrupted"]);

/** Why a sweep's early stopping ended a trial: after `epoch` it was `rank`th of the `of` competitors that had come so far. */
export const earlyStopSchema = z.strictObject({
  /** Only the best of every `reduction` go on. */
  reduction: z.int().min(2),
  epoch: z.int().min(1),
  metric: z.number(),
  rank: z.int().min(1),
  of: z.int().min(1),
});

/** The record of one training. `diverged` ended at a loss that was not finite; `interrupted` can be resumed from `checkpoint`. */
export const trialRecordSchema = z.strictObject({
  record: z.literal("trial"),
  version: z.literal(1),
  /** First 12 hex digits of the SHA-256 of the configuration. */
  id: z.string(),
  configuration: trialConfigurationSchema,
  environment: environmentSchema,
  outcome: trialOutcomeSchema,
  /** Present exactly when completed. */
  final: finalSchema.nullable(),
  evaluations: z.array(evaluationSchema),
  /** Thinned: see `thinned`. */
  losses: z.array(lossPointSchema),
  /** Optimiser steps done. */
  steps: z.int().min(0),
  /** Seconds of training and evaluation, those before a resume included. */
  seconds: z.number().min(0),
  /** ISO 8601, of the first start. */
  startedAt: z.iso.datetime(),
  /** File of the checkpoint, relative to the run's folder; null when there is none. */
  checkpoint: z.string().nullable(),
  /** Present where early stopping ended it (outcome "interrupted"): without early stopping the trial can go on. */
  earlyStop: earlyStopSchema.optional(),
}).refine((trial) => (trial.outcome === "completed") === (trial.final !== null), {
  path: ["final"],
  message: "must be present exactly when the outcome is completed",
}).refine(({ configuration: { kind, d, method } }) => kind === kindOf(method) && (d !== null) === isDimensioned(method), {
  path: ["configuration", "d"],
  message: "must be a number exactly for kind subspace, whose methods have a d",
});

export type TrialConfiguration = z.infer<typeof trialConfigurationSchema>;
export type Evaluation = z.infer<typeof evaluationSchema>;
export type LossPoint = z.infer<typeof lossPointSchema>;
export type FinalMetrics = z.infer<typeof finalSchema>;
export type TrialOutcome = z.infer<typeof trialOutcomeSchema>;
export type TrialRecord = z.infer<typeof trialRecordSchema>;
export type EarlyStop = z.infer<typeof earlyStopSchema>;
