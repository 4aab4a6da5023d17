/** From searches to points of the paper's Figures 4 and 5: d90, and how well what was trained in so many dimensions does. */
import type { DimensionedMethod, SearchRecord, TrialRecord } from "../records/record.js";
import type { SearchWithTrials } from "../records/trialsOf.js";
import { methodOf } from "./trials.js";
import { methodNames } from "./words.js";

/** One search whose d90 has an upper end. */
export interface GeneralizationPoint {
  /** Model, task and method. */
  label: string;
  method: DimensionedMethod;
  /** d90, or the smallest d that is known to reach the threshold. */
  d: number;
  /** The largest d that is known to fail; null when none is. */
  lower: number | null;
  /** Accuracy on the dev rows of what was trained with d numbers: the best rate of each seed, the mean over seeds. */
  accuracy: number;
  /** The same on the training rows; null where it was not measured. */
  trainAccuracy: number | null;
  /** Relative generalization gap, (train - dev) / (1 - dev), the mean over seeds; null without a training accuracy. */
  gap: number | null;
  /** Seeds that the means are over. */
  seeds: number;
}

/** The points of the searches that have one, in their order. */
export const generalizationPoints = (searches: readonly SearchWithTrials[]): GeneralizationPoint[] =>
  searches.flatMap(({ search, trials }) => pointOf(search, trials) ?? []);

function pointOf(search: SearchRecord, trials: readonly TrialRecord[]): GeneralizationPoint | null {
  const { d90, upper, lower } = search.result, d = d90 ?? upper;
  const finals = d === null ? [] : bestOfSeeds(trials.filter(({ configuration }) => configuration.d === d)).map(({ final }) => final);
  const dev = finals.flatMap((final) => final?.accuracy ?? []);
  if (d === null || dev.length === 0) return null;
  const measured = finals.flatMap((final) =>
    (final === null || final.accuracy === null || final.trainAccuracy === null ? [] : [{ dev: final.accuracy, train: final.trainAccuracy }]));
  const gaps = measured.filter(({ dev: share }) => share < 1).map(({ dev: share, train }) => (train - share) / (1 - share));
  return {
    label: labelOf(search), method: methodOf(search), d, lower, accuracy: mean(dev), seeds: dev.length,
    trainAccuracy: measured.length === 0 ? null : mean(measured.map(({ train }) => train)), gap: gaps.length === 0 ? null : mean(gaps),
  };
}

/** Of each seed the completed trial with the best metric: the rate that counts. */
function bestOfSeeds(trials: readonly TrialRecord[]): TrialRecord[] {
  const best = new Map<number, TrialRecord>();
  for (const trial of trials) {
    const { run } = trial.configuration.seeds;
    if (trial.final !== null && trial.final.metric > (best.get(run)?.final?.metric ?? -Infinity)) best.set(run, trial);
  }
  return [...best.values()];
}

const labelOf = (search: SearchRecord): string =>
  `${search.configuration.model.id.split("/").at(-1)}, ${search.configuration.task.name}, ${methodNames[methodOf(search)]}`;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Spearman's rank correlation, ties by mean ranks; null with fewer than four pairs or where one side is constant. */
export function rankCorrelation(pairs: readonly { x: number; y: number }[]): number | null {
  if (pairs.length < 4) return null;
  const a = ranks(pairs.map(({ x }) => x)), b = ranks(pairs.map(({ y }) => y)), middle = (pairs.length + 1) / 2;
  const product = (left: readonly number[], right: readonly number[]): number =>
    left.reduce((sum, rank, index) => sum + (rank - middle) * (right[index]! - middle), 0);
  const norm = Math.sqrt(product(a, a) * product(b, b));
  return norm === 0 ? null : product(a, b) / norm;
}

function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}
