/** Evaluation: logits of every row in the order of the set, and the task's metrics over them. */
import type { CompiledStep } from "../engine/index.js";
import type { Model } from "../models/types.js";
import { disposeAll, type NamedTensors } from "../support/tensors.js";
import { accuracy, f1 } from "../tasks/metrics.js";
import { batchTensors, planEvaluation, type EncodedSet } from "./batches.js";
import { grouped } from "./steps.js";

export interface Evaluation {
  /** Row-major [rows, classes], in the order of the set. */
  logits: Float32Array;
  predictions: number[];
  accuracy: number;
  /** F1 of class 1; null unless there are two classes. */
  f1: number | null;
  /** Mean cross-entropy, in nats. */
  loss: number;
}

export interface EvaluateOptions {
  model: Model;
  /** Compiled forward pass of the model (forwardStep). */
  forward: CompiledStep;
  /** theta, borrowed. */
  parameters: NamedTensors;
  set: EncodedSet;
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
  const predictions: number[] = [];
  let loss = 0;
  labels.forEach((label, row) => {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    const top = Math.max(...values);
    predictions.push(values.indexOf(top));
    loss += top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0)) - values[label];
  });
  return {
    logits, predictions, loss: loss / labels.length, accuracy: accuracy(predictions, [...labels]),
    f1: classes === 2 ? f1(predictions, [...labels]) : null,
  };
}
