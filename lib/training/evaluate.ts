/** Evaluation: logits of every row in the order of the set, and the task's metrics over them. */
import type { CompiledStep } from "../engine/index.js";
import type { Model } from "../models/types.js";
import { disposeAll, grouped, type NamedTensors } from "../support/tensors.js";
import { isRegression, type MetricName } from "../records/metrics.js";
import { pearson, spearman } from "../tasks/correlation.js";
import { accuracy, f1, matthews } from "../tasks/metrics.js";
import { batchTensors, planEvaluation, type EncodedSet } from "./batches.js";

export interface Evaluation {
  /** Row-major [rows, classes], in the order of the set. */
  logits: Float32Array;
  /** The likeliest class; where labels are numbers, the output itself. */
  predictions: number[];
  /** Null where labels are numbers, as are F1 and Matthews. */
  accuracy: number | null;
  /** F1 of class 1; null unless there are two classes. */
  f1: number | null;
  matthews: number | null;
  /** Null unless labels are numbers. */
  pearson: number | null;
  spearman: number | null;
  /** Mean cross-entropy in nats; where labels are numbers, mean squared error. */
  loss: number;
}

/** The value of `metric`. @throws {RangeError} if it is not one that the labels allow. */
export function metricOf(evaluation: Pick<Evaluation, MetricName>, metric: MetricName): number {
  const value = evaluation[metric];
  if (value !== null) return value;
  const kind = isRegression(metric) ? "labels that are numbers" : metric === "f1" ? "two classes" : "classes";
  throw new RangeError(`evaluate: metric ${metric} must have ${kind}, got others. Choose another by --metric.`);
}

export interface EvaluateOptions {
  model: Model;
  /** Compiled forward pass of the model (forwardStep). */
  forward: CompiledStep;
  /** theta, borrowed. */
  parameters: NamedTensors;
  set: EncodedSet;
  /** Outputs of the model; 1 where labels are numbers. */
  classes: number;
  /** Rows a forward pass; default 32. */
  batchSize?: number;
  signal?: AbortSignal;
}

/** Runs the model over `set` without dropout. @throws the signal's reason when aborted between batches. */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { model, forward, parameters, set, classes, batchSize = 32, signal } = options;
  const logits = new Float32Array(set.labels.length * classes);
  for (const plan of planEvaluation(set, batchSize)) {
    signal?.throwIfAborted();
    const batch = batchTensors(set, plan, { batchSize, classes, padId: model.tokenizer.padId });
    const { targets, ...inputs } = batch;
    try {
      const result = await forward.run({ ...grouped("theta", parameters), ...grouped("batch", inputs) });
      const values = result.logits.dataSync();
      plan.rows.forEach((row, i) => logits.set(values.subarray(i * classes, (i + 1) * classes), row * classes));
      disposeAll(result);
    } finally {
      disposeAll({ ...inputs, targets });
    }
    await new Promise(setImmediate); // lets signals and timers in
  }
  return summarise(logits, set.labels, classes);
}

/** Predictions and metrics of row-major logits [rows, classes]. */
export function summarise(logits: Float32Array, labels: readonly number[], classes: number): Evaluation {
  if (classes === 1) return summariseScale(logits, labels);
  const predictions: number[] = [];
  let loss = 0;
  labels.forEach((label, row) => {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    const top = Math.max(...values);
    predictions.push(values.indexOf(top));
    loss += top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0)) - values[label];
  });
  return {
    logits, predictions, loss: loss / labels.length, accuracy: accuracy(predictions, labels),
    f1: classes === 2 ? f1(predictions, labels) : null, matthews: matthews(predictions, labels), pearson: null, spearman: null,
  };
}

/** Metrics of one output a row against numbers. */
function summariseScale(logits: Float32Array, labels: readonly number[]): Evaluation {
  const squares = labels.reduce((sum, label, row) => sum + (logits[row] - label) ** 2, 0);
  return {
    logits, predictions: [...logits], loss: squares / labels.length, accuracy: null, f1: null, matthews: null,
    pearson: pearson(logits, labels), spearman: spearman(logits, labels),
  };
}
