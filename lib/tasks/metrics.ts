/** Metrics as GLUE and scikit-learn define them, and what a guess would get. */
import { UsageError } from "../support/checks.js";
import { isCorrelation, type MetricName } from "../records/metrics.js";
import { pearson, requirePairs, spearman } from "./correlation.js";
import type { Example } from "./task.js";

/** Share of predictions that equal their label, in [0, 1]. @throws {RangeError} where lengths differ or there are none. */
export function accuracy(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  requirePairs("accuracy", predictions, labels);
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) right++;
  return right / labels.length;
}

/**
 * F1 of the class `positive` (default 1): 2 TP / (2 TP + FP + FN), 0 where that is 0/0, as scikit-learn has it.
 * @throws {RangeError} where lengths differ or there are none.
 */
export function f1(predictions: ArrayLike<number>, labels: ArrayLike<number>, positive = 1): number {
  requirePairs("f1", predictions, labels);
  let both = 0, either = 0;
  for (let i = 0; i < labels.length; i++) {
    const predicted = Number(predictions[i] === positive), actual = Number(labels[i] === positive);
    both += predicted * actual;
    either += predicted + actual;
  }
  return either === 0 ? 0 : (2 * both) / either;
}

/**
 * Matthews correlation of classes, in [-1, 1] (Gorodkin 2004 for any number of them): with N rows, c of them right, and
 * p_k predicted and t_k true of class k, (c N - sum p_k t_k) / sqrt((N^2 - sum p_k^2) (N^2 - sum t_k^2)); 0 where that is
 * 0/0, as scikit-learn has it. @throws {RangeError} where lengths differ or there are none.
 */
export function matthews(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  requirePairs("matthews", predictions, labels);
  const predicted = new Map<number, number>(), actual = new Map<number, number>();
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const guess = predictions[i]!, label = labels[i]!;
    predicted.set(guess, (predicted.get(guess) ?? 0) + 1);
    actual.set(label, (actual.get(label) ?? 0) + 1);
    if (guess === label) right++;
  }
  const product = (a: Map<number, number>, b: Map<number, number>): number =>
    [...a].reduce((sum, [label, count]) => sum + count * (b.get(label) ?? 0), 0);
  const all = labels.length ** 2;
  const spread = Math.sqrt((all - product(predicted, predicted)) * (all - product(actual, actual)));
  return spread === 0 ? 0 : (right * labels.length - product(predicted, actual)) / spread;
}

/** The metrics that GLUE reports, each a function of predictions and labels. */
export const metrics: Readonly<Record<MetricName, (predictions: ArrayLike<number>, labels: ArrayLike<number>) => number>> =
  { accuracy, f1, matthews, pearson, spearman };

/** How many examples each label has, by label; at least `labels` entries (default 0). */
export function labelCounts(examples: readonly Example[], labels = 0): number[] {
  const counts = new Array<number>(labels).fill(0);
  for (const { label } of examples) {
    while (counts.length <= label) counts.push(0);
    counts[label]!++;
  }
  return counts;
}

/** Share of the most frequent label, in (0, 1]: the accuracy of always guessing it. @throws {RangeError} without examples. */
export function majorityShare(examples: readonly Example[]): number {
  if (examples.length === 0) throw new RangeError("majorityShare: examples must not be empty.");
  return Math.max(...labelCounts(examples)) / examples.length;
}

/**
 * Weights that give every class the same say: rows / (classes * rows of the class), as scikit-learn's "balanced" has it.
 * @throws {UsageError} where there are no classes, or one of them has no row.
 */
export function balancedWeights(examples: readonly Example[], classes: number): number[] {
  if (classes < 2) throw new UsageError("balancedWeights: labels must be classes, got numbers. Leave --class-weights out.");
  return labelCounts(examples, classes).map((count, label) => {
    if (count > 0) return examples.length / (classes * count);
    throw new UsageError(`balancedWeights: class ${label} must have rows to train on, got none. Use more rows.`);
  });
}

/**
 * What predicting the same always reaches: the majority's share for accuracy; for F1, with p the share of label 1, 2 p / (1 + p)
 * by always saying 1; 0 for a correlation. @throws {RangeError} without examples.
 */
export function chanceLevel(metric: MetricName, examples: readonly Example[]): number {
  if (isCorrelation(metric)) return 0;
  if (metric === "accuracy") return majorityShare(examples);
  const positive = (labelCounts(examples, 2)[1] ?? 0) / examples.length;
  return (2 * positive) / (1 + positive);
}
