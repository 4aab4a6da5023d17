/** Metrics as GLUE and scikit-learn define them, and what a guess would get. */
import { requireLength } from "../support/checks.js";
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

function requirePairs(where: string, predictions: ArrayLike<number>, labels: ArrayLike<number>): void {
  requireLength(where, "predictions", predictions, labels.length);
  if (labels.length === 0) throw new RangeError(`${where}: predictions and labels must not be empty.`);
}
