/** How a run goes about it: every setting with its default, and the presets that set many at once. */
import type { DimensionedMethod, HeadPolicy } from "../records/record.js";
import { shown, UsageError } from "../support/checks.js";
import { given } from "../support/given.js";
import { didYouMean } from "../support/suggest.js";
import type { OptimizerName } from "../training/optimizers.js";
import type { ProjectionName } from "../projections/index.js";

export type PresetName = "smoke" | "quick" | "full";
/** A method with a d, and so with a d90. */
export type SubspaceMethod = DimensionedMethod;

/** What a run needs to know, beside where model and data are. */
export interface Settings {
  /** P; default "srht-blocked". */
  projection: ProjectionName;
  /**
   * The classification head: in the subspace, trained freely beside it and counted, or left as drawn. Default: the first that
   * the method allows, which is projected for methods with a d and free for the others.
   */
  head?: HeadPolicy;
  /** LoRA's rank and alpha (its move is alpha / rank B A); 8 and 16. */
  rank: number;
  alpha: number;
  /** Matrices that lora, uni-lora and ia3 change; default query and value, and key, value and down for ia3. */
  targets?: readonly string[];
  /** Snapshots of the full fine-tuning that a learned subspace comes from, and so its directions at most; 8. */
  directions: number;
  /** Seed of that fine-tuning (head, order of rows), another one than those of the trials; 100. */
  learnSeed: number;
  optimizer: OptimizerName;
  epochs: number;
  /** Rows an update. */
  batchSize: number;
  /** Parts that a batch is computed in, to save memory; default 1. */
  accumulation: number;
  /** Tokens a row. */
  maxLength: number;
  /** Rows used; undefined for all. */
  trainRows?: number;
  devRows?: number;
  /** Whether the model's own dropout is on in training. */
  dropout: boolean;
  /** Share of the updates that warm the rate up. */
  warmup: number;
  weightDecay: number;
  /** Weight of each class in the loss: in inverse proportion to its training rows, or as given; default all the same. */
  classWeights?: "balanced" | number[];
  /** Largest gradient norm; 0 does not clip. */
  clipNorm: number;
  /** Share of the rate that SAID's lambdas move at: see lib/training/optimizers.ts. */
  lambdaRate: number;
  /** Rates tried for full fine-tuning; the first is also the one that subspace rates are scaled from until it is known. */
  fullRates: number[];
  /** Seeds: d90 is confirmed over them. Each seeds P, the head, the order of rows and dropout. */
  seeds: number[];
  /** Rates tried for one d, at most. */
  ratesPerD: number;
  /** c in lr(d) = lr(full) c sqrt(D / d): see lib/search/rates.ts. */
  rateMultiplier: number;
  /** First d that is tried. */
  firstD: number;
  /** Smallest and largest d of the grid; the largest defaults to a tenth of D. */
  lowest: number;
  highest: number | null;
  /** Trials in subspaces, at most, all seeds together; null for no limit. */
  maxTrials: number | null;
  /** Seconds of trials in subspaces after which no further one starts; null for no limit. */
  maxSeconds: number | null;
  chanceCorrected: "report" | "search";
}

/** The paper's protocol: all rows, seeds of P, rates searched for every d. About three hours on two cores for the default model. */
const full: Settings = {
  projection: "srht-blocked", rank: 8, alpha: 16, directions: 8, learnSeed: 100, optimizer: "adamw", epochs: 3, batchSize: 16, accumulation: 1, maxLength: 128,
  dropout: true, warmup: 0.06, weightDecay: 0, clipNorm: 1, lambdaRate: 0.1, fullRates: [1e-4, 5e-5, 2e-4], seeds: [0, 1, 2], ratesPerD: 3,
  rateMultiplier: 10, firstD: 1389, lowest: 10, highest: null, maxTrials: null, maxSeconds: null, chanceCorrected: "report",
};

export const presets: Readonly<Record<PresetName, Settings>> = {
  full,
  /**
   * An honest bracket in twenty minutes for both methods on two cores: one epoch, one seed, one rate for each d, few trials.
   * Batches of 8: with 16, one epoch has too few updates for z (d = 5,179 on MRPC: 0.70, against 0.73 with 8).
   */
  quick: {
    ...full, epochs: 1, batchSize: 8, maxLength: 96, dropout: false, fullRates: [1e-4], seeds: [0], ratesPerD: 1, rateMultiplier: 15,
    firstD: 1600, maxTrials: 3, maxSeconds: 320,
  },
  /** That everything works, in two minutes on the embedded paraphrases; says little about any model. */
  smoke: {
    ...full, epochs: 2, batchSize: 8, maxLength: 64, dropout: false, fullRates: [1e-4], seeds: [0], ratesPerD: 1, firstD: 5000, maxTrials: 2,
  },
};

/** Settings of a search as a whole, which none of its trials depends on. */
const OF_SEARCH: ReadonlySet<string> = new Set<keyof Settings>(
  ["fullRates", "ratesPerD", "rateMultiplier", "firstD", "lowest", "highest", "maxTrials", "maxSeconds", "chanceCorrected"]);

/** Names of the settings that are not the preset's: for `trial`, of those that a trial depends on. Seeds are told by themselves. */
export function changedFrom(preset: string | null, settings: Settings, what: "trial" | "search"): string[] {
  const own = Object.entries(presets).find(([name]) => name === preset)?.[1];
  if (own === undefined) return [];
  const values = new Map(Object.entries(own)), concerns = (name: string): boolean => what === "search" || !OF_SEARCH.has(name);
  return Object.entries(settings)
    .filter(([name, value]) => name !== "seeds" && concerns(name) && JSON.stringify(value) !== JSON.stringify(values.get(name)))
    .map(([name]) => name);
}

/** The settings of a preset, with those that are given instead. @throws {UsageError} for an unknown preset. */
export function resolveSettings(preset: string = "quick", chosen: Partial<Settings> = {}): Settings {
  const names = Object.keys(presets);
  if (!names.includes(preset)) {
    throw new UsageError(`preset must be one of ${names.join(", ")}, got ${shown(preset)}.${didYouMean(preset, names)}`);
  }
  const untimed = chosen.maxTrials !== undefined ? { maxSeconds: null } : {}; // who asks for a number of trials gets it
  return { ...presets[preset as PresetName], ...untimed, ...given(chosen) };
}
