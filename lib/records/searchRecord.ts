/** One search for d90: its baseline, all its trials and what they conclude. */
import { z } from "zod";
import { environmentSchema, setupFields, subspaceFields } from "./configuration.js";
import { trialOutcomeSchema } from "./trialRecord.js";

/** How the search goes about it; see lib/search/findD90.ts for each option's meaning. */
export const searchOptionsSchema = z.strictObject({
  /** The share of full fine-tuning to be reached: 0.9 for d90. */
  share: z.number().positive().max(1),
  /** Smallest and largest d of the grid. */
  lowest: z.int().min(1),
  highest: z.int().min(1),
  /** Seeds of P, of head and of batches; d90 is their median, the interval their range. */
  seeds: z.array(z.int().min(0)).min(1),
  /** Learning rates and seeds tried for full fine-tuning. */
  fullRates: z.array(z.number().positive()).min(1),
  fullSeeds: z.array(z.int().min(0)).min(1),
  /** Learning rates tried for one d at most. */
  ratesPerD: z.int().min(1),
  /** c of the rule lr(d) = lr(full) c sqrt(D/d). */
  rateMultiplier: z.number().positive(),
  /** d that is tried first. */
  firstD: z.int().min(1),
  /** Trials in subspaces at most, and their seconds of training after which no further one starts; null has no limit. */
  maxTrials: z.int().min(1).nullable(),
  maxSeconds: z.number().positive().nullable(),
  chanceCorrected: z.enum(["report", "search"]),
  /** How far full fine-tuning must be above the majority class. */
  margin: z.number().min(0).max(1),
});

/** Everything that decides what a search computes. */
export const searchConfigurationSchema = z.strictObject({
  ...setupFields,
  ...subspaceFields,
  /** Epochs of each trial in a subspace, and of full fine-tuning. */
  epochs: z.number().positive(),
  fullEpochs: z.number().positive(),
  search: searchOptionsSchema,
});

/** A trial as a search sees it; its whole record lies under its id in the same store. */
export const trialSummarySchema = z.strictObject({
  id: z.string(),
  kind: z.enum(["full", "subspace"]),
  d: z.int().min(1).nullable(),
  learningRate: z.number().positive(),
  seed: z.int().min(0),
  outcome: trialOutcomeSchema,
  /** The final metric on the dev set; null unless completed. */
  metric: z.number().nullable(),
  seconds: z.number().min(0),
});

/**
 * `found`: some d fails and a larger one reaches the threshold. `below-grid`, `above-grid`: the smallest d reaches it, the
 * largest fails. `open`: the trial budget ended, or trials made for the other threshold do not settle this one.
 */
export const searchOutcomeSchema = z.enum([
  "found", "below-grid", "above-grid", "baseline-not-above-majority", "interrupted", "open",
]);

/** What one seed of P found: it fails at `lower`, reaches the threshold at `upper`; null where no trial says so. */
export const seedEstimateSchema = z.strictObject({
  seed: z.int().min(0),
  d90: z.int().nullable(),
  lower: z.int().nullable(),
  upper: z.int().nullable(),
  outcome: searchOutcomeSchema,
});

/** The smallest d that reaches `threshold`. */
export const estimateSchema = z.strictObject({
  /** The smallest d that more than half of the seeds need; `upper` when the budget ended early; null when there is none. */
  d90: z.int().nullable(),
  /** Largest d known to fail below `upper`; null when none is known. */
  lower: z.int().nullable(),
  /** Smallest d known to reach the threshold; null when none is known. */
  upper: z.int().nullable(),
  /** Whether `lower` and `upper` are neighbours on the grid: d90 cannot be given more exactly. */
  exact: z.boolean(),
  outcome: searchOutcomeSchema,
  /** The metric to be reached; null without a baseline. */
  threshold: z.number().nullable(),
  /** Smallest and largest d90 over the seeds (null: outside the grid); null with fewer than two seeds. */
  interval: z.strictObject({ low: z.int().nullable(), high: z.int().nullable() }).nullable(),
  bySeed: z.array(seedEstimateSchema),
  /** Trials above `upper` that failed all the same: noise, or a rate that does not suit. */
  violations: z.array(z.strictObject({ d: z.int(), seed: z.int(), metric: z.number().nullable() })),
  /** What a reader should know before trusting d90, in full sentences. */
  notes: z.array(z.string()),
});

/** The result: d90 as the paper defines it, and beside it the chance-corrected one. */
export const searchResultSchema = estimateSchema.extend({
  /** Metric of full fine-tuning, the mean over its seeds at its best rate; null without a completed baseline. */
  full: z.number().nullable(),
  /** Learning rate of that baseline. */
  fullRate: z.number().nullable(),
  majority: z.number().min(0).max(1),
  /** 90 % of the way from the majority class to full fine-tuning, from the same trials. */
  chanceCorrectedD90: estimateSchema,
});

/** The record of one search. */
export const searchRecordSchema = z.strictObject({
  record: z.literal("search"),
  version: z.literal(1),
  id: z.string(),
  configuration: searchConfigurationSchema,
  environment: environmentSchema,
  /** Full fine-tuning, in the order it was tried. */
  baseline: z.array(trialSummarySchema),
  /** Trials in subspaces, in the order they were tried. */
  trials: z.array(trialSummarySchema),
  result: searchResultSchema,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** Seconds of all trials, also of those taken up from earlier runs. */
  seconds: z.number().min(0),
});

export type SearchOptionsRecord = z.infer<typeof searchOptionsSchema>;
export type SearchConfiguration = z.infer<typeof searchConfigurationSchema>;
export type TrialSummary = z.infer<typeof trialSummarySchema>;
export type SearchOutcome = z.infer<typeof searchOutcomeSchema>;
export type SeedEstimate = z.infer<typeof seedEstimateSchema>;
export type Estimate = z.infer<typeof estimateSchema>;
export type SearchResult = z.infer<typeof searchResultSchema>;
export type SearchRecord = z.infer<typeof searchRecordSchema>;
