/** What the decoded model does on rows: its errors, and what a bound by norms reads off it. */
import * as tf from "@tensorflow/tfjs-core";
import { decodeModel, type ModelFile } from "../../bounds/codec/index.js";
import type { Norms } from "../../bounds/index.js";
import { randomIndices, splitSeed } from "../../support/random.js";
import { disposeAll, type NamedTensors } from "../../support/tensors.js";
import { outputsOf } from "../../tasks/task.js";
import type { EncodedSet } from "../../training/batches.js";
import { evaluate, type Evaluation } from "../../training/evaluate.js";
import type { Session } from "../../training/session.js";
import { restoreParameters } from "./restore.js";

/** gamma of the bound by norms, in logits; fixed before any data. */
const margin = 1;

/** Rows a forward pass of a large set: each pass hands all parameters to the engine. */
const largeSet = 4096, largeBatch = 128;

/** Decodes `bytes` and calls `use` with the parameters that they make. */
export async function withDecoded<T>(session: Session, bytes: Uint8Array, use: (parameters: NamedTensors, file: ModelFile) => Promise<T>): Promise<T> {
  const file = decodeModel(bytes), parameters = restoreParameters(file, session.model);
  try {
    return await use(parameters, file);
  } finally {
    disposeAll(parameters);
  }
}

/** Runs the model with `parameters` over `set`. */
export const evaluateOn = (session: Session, parameters: NamedTensors, { set, signal }: { set: EncodedSet; signal?: AbortSignal }): Promise<Evaluation> =>
  evaluate({
    model: session.model, forward: session.steps.forward, parameters, set, classes: outputsOf(session.data), signal,
    batchSize: set.labels.length >= largeSet ? largeBatch : undefined,
  });

/** Share of rows that are predicted wrongly. */
export const errorOf = ({ predictions }: Evaluation, labels: readonly number[]): number =>
  predictions.filter((prediction, row) => prediction !== labels[row]).length / labels.length;

/** The share of errors among `draws` rows drawn from the measured ones with replacement, by a seed fixed beforehand. */
export function redrawn({ predictions }: Evaluation, labels: readonly number[], draws: number): { rows: number; error: number } {
  const draw = randomIndices(splitSeed(0, "subsample"));
  const rows = Array.from({ length: draws }, () => draw(labels.length));
  return { rows: draws, error: rows.filter((row) => predictions[row] !== labels[row]).length / draws };
}

/** Share of the rows whose right logit is less than gamma above the largest other one. */
function marginErrorOf({ logits }: Evaluation, labels: readonly number[]): number {
  const classes = logits.length / labels.length;
  return labels.filter((label, row) => {
    const values = Array.from(logits.subarray(row * classes, (row + 1) * classes));
    return values[label] - Math.max(...values.filter((_value, other) => other !== label)) < margin;
  }).length / labels.length;
}

/** The product of the Frobenius norms of all matrices but the embeddings, and the largest norm of a word's embedding. */
export function normsOf({ model }: Session, parameters: NamedTensors, { evaluation, labels }: { evaluation: Evaluation; labels: readonly number[] }): Norms {
  const isEmbedding = (name: string): boolean => model.architecture.layerOf(name) === "embeddings";
  const matrices = Object.entries(parameters).filter(([, { rank }]) => rank === 2);
  const norms = matrices.filter(([name]) => !isEmbedding(name)).map(([, matrix]) => tf.tidy(() => tf.norm(matrix).dataSync()[0]));
  const inputNorm = matrices.filter(([name]) => isEmbedding(name)).map(([, matrix]) => tf.tidy(() => tf.max(tf.norm(matrix, 2, 1)).dataSync()[0]));
  return {
    logProduct: norms.reduce((sum, norm) => sum + Math.log(norm), 0), layers: norms.length, inputNorm: Math.max(...inputNorm), margin,
    marginError: marginErrorOf(evaluation, labels),
  };
}
