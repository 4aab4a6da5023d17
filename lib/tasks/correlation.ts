/** Correlations of numbers, for tasks whose labels lie on a scale. */
import { requireLength } from "../support/checks.js";

/**
 * Pearson's correlation of predictions and labels, in [-1, 1]. Where either does not vary it is 0/0, which scipy calls nan; it
 * is 0 here, since a model that says the same of every row has learned nothing; so it is where a prediction is not finite.
 * @throws {RangeError} where lengths differ or there are none.
 */
export function pearson(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  requirePairs("pearson", predictions, labels);
  const x = centred(predictions), y = centred(labels);
  const scale = Math.sqrt(squares(x) * squares(y));
  if (constant(predictions) || constant(labels) || scale === 0 || !Number.isFinite(scale)) return 0;
  const product = x.reduce((sum, value, i) => sum + value * y[i]!, 0) / scale;
  return Math.max(-1, Math.min(1, product));
}

/** Spearman's correlation: Pearson's of the ranks, equal values sharing the mean of theirs, as scipy has it. @throws as `pearson`. */
export function spearman(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  requirePairs("spearman", predictions, labels);
  return pearson(ranks(predictions), ranks(labels));
}

/** Requires as many predictions as labels, and some. */
export function requirePairs(where: string, predictions: ArrayLike<number>, labels: ArrayLike<number>): void {
  requireLength(where, "predictions", predictions, labels.length);
  if (labels.length === 0) throw new RangeError(`${where}: predictions and labels must not be empty.`);
}

const constant = (values: ArrayLike<number>): boolean => Array.from(values).every((value) => value === values[0]);

function centred(values: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(values);
  const mean = copy.reduce((sum, value) => sum + value, 0) / copy.length;
  return copy.map((value) => value - mean);
}

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

/** Ranks from 1; values that are equal share the mean of their places. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_value, index) => index).sort((a, b) => values[a]! - values[b]!);
  const result = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let place = start; place < end; place++) result[order[place]!] = (start + 1 + end) / 2;
  }
  return result;
}
