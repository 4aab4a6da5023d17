/**
 * Batches of similar length: rows are shuffled by seed and epoch, sorted by length inside windows, and padded to one of few
 * bucket lengths, so that little is computed for padding and a recorded step is needed for few shapes only.
 */
import { setImmediate as immediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { Encoding, Tokenizer } from "../models/tokenizer.js";
import { padBatch } from "../models/tokenizer.js";
import type { Example } from "../tasks/task.js";
import { tellLoading } from "../support/loading.js";
import { shuffle, splitSeed } from "../support/random.js";

/** Examples as token ids, with their labels: indices of classes, or numbers of a scale. */
export interface EncodedSet {
  encodings: Encoding[];
  labels: number[];
}

/** How rows become a batch. */
export interface BatchOptions {
  batchSize: number;
  /** Outputs of the model; 1 where labels are numbers of a scale. */
  classes: number;
  padId: number;
  /** Weight of each class in the loss; default: all the same. */
  classWeights?: readonly number[];
}

/** Rows that are tokenised between two looks at the signal: some hundredths of a second. */
const tokenisedAtOnce = 256;

/**
 * Tokenises `examples`, each cut to `maxLength` tokens (longest text first); tells watchers of lib/support/loading.ts how far it is, and
 * lets the process hear a Ctrl-C in between.
 * @param options.name what the texts are called. @throws the signal's reason, where it aborts.
 */
export async function encodeExamples(tokenizer: Tokenizer, examples: readonly Example[],
  { maxLength, name, signal }: { maxLength: number; name: string; signal?: AbortSignal }): Promise<EncodedSet> {
  const encodings: Encoding[] = [];
  for (let start = 0; start < examples.length; start += tokenisedAtOnce) {
    if (start > 0) await immediate();
    signal?.throwIfAborted();
    for (const { text, text2 } of examples.slice(start, start + tokenisedAtOnce)) encodings.push(tokenizer.encode(text, text2, maxLength));
    tellLoading({ kind: "tokenise", name, done: encodings.length, total: examples.length });
  }
  return { encodings, labels: examples.map(({ label }) => label) };
}

/** Rows of one batch, and the length that they are padded to. */
export interface BatchPlan {
  rows: number[];
  length: number;
}

/** Lengths are rounded up to a multiple of this: nine shapes for MRPC at 96 tokens, and 11 % of padding (18 % at 16). */
const bucketWidth = 8;
/** Batches that are sorted together: long enough for even lengths, short enough to stay random. */
const windowBatches = 16;

const longest = (set: EncodedSet, rows: number[]): number => Math.max(...rows.map((row) => set.encodings[row].inputIds.length));
const bucketLength = (length: number): number => Math.ceil(length / bucketWidth) * bucketWidth;

function cut(set: EncodedSet, rows: number[], batchSize: number): BatchPlan[] {
  const plans: BatchPlan[] = [];
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = rows.slice(start, start + batchSize);
    plans.push({ rows: batch, length: bucketLength(longest(set, batch)) });
  }
  return plans;
}

const byLength = (set: EncodedSet) => (a: number, b: number): number =>
  set.encodings[a].inputIds.length - set.encodings[b].inputIds.length || a - b;

/** Batches of one epoch, a function of (set, batchSize, seed, epoch) alone. Every row is in exactly one batch. */
export function planEpoch(set: EncodedSet, { batchSize, seed, epoch }: { batchSize: number; seed: number; epoch: number }): BatchPlan[] {
  const order = shuffle(set.labels.map((_label, row) => row), splitSeed(seed, `rows of epoch ${epoch}`));
  const plans: BatchPlan[] = [];
  for (let start = 0; start < order.length; start += batchSize * windowBatches) {
    const window = order.slice(start, start + batchSize * windowBatches).sort(byLength(set));
    plans.push(...cut(set, window, batchSize));
  }
  return shuffle(plans, splitSeed(seed, `batches of epoch ${epoch}`));
}

/** Batches for evaluation: sorted by length, nothing random. */
export function planEvaluation(set: EncodedSet, batchSize: number): BatchPlan[] {
  return cut(set, set.labels.map((_label, row) => row).sort(byLength(set)), batchSize);
}

/**
 * Tensors of one batch, always of `batchSize` rows so that shapes repeat: a short batch is filled with copies of its first row,
 * whose targets are zero.
 * @returns inputIds, attentionMask, tokenTypeIds int32 [batchSize, length]; targets as `classTargets` or, with one output,
 * `scaleTargets` say. Owned by the caller.
 */
export function batchTensors(set: EncodedSet, plan: BatchPlan, options: BatchOptions):
  Record<"inputIds" | "attentionMask" | "tokenTypeIds" | "targets", tf.Tensor2D> {
  const { batchSize, classes, padId } = options;
  const filled = Array.from({ length: batchSize }, (_unused, i) => plan.rows[i] ?? plan.rows[0]);
  const padded = padBatch(filled.map((row) => set.encodings[row]), plan.length, padId);
  const labels = plan.rows.map((row) => set.labels[row]);
  const matrix = (values: Int32Array) => tf.tensor2d(values, [batchSize, plan.length], "int32");
  return {
    inputIds: matrix(padded.inputIds),
    attentionMask: matrix(padded.attentionMask),
    tokenTypeIds: matrix(padded.tokenTypeIds),
    targets: classes === 1 ? scaleTargets(labels, batchSize) : classTargets(labels, options),
  };
}

/**
 * float32 [batchSize, classes]: the one-hot label times its class's share of the batch's weight (PyTorch's weighted mean), so
 * that the mean cross-entropy is -sum(targets * logSoftmax(logits)).
 */
function classTargets(labels: readonly number[], { batchSize, classes, classWeights }: BatchOptions): tf.Tensor2D {
  const weights = labels.map((label) => classWeights?.[label] ?? 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const targets = new Float32Array(batchSize * classes);
  labels.forEach((label, i) => { targets[i * classes + label] = weights[i] / total; });
  return tf.tensor2d(targets, [batchSize, classes]);
}

/** float32 [batchSize, 2]: the label, and the row's share of the mean, so that the mean squared error is sum(share (logit - label)^2). */
function scaleTargets(labels: readonly number[], batchSize: number): tf.Tensor2D {
  const targets = new Float32Array(batchSize * 2);
  labels.forEach((label, i) => targets.set([label, 1 / labels.length], i * 2));
  return tf.tensor2d(targets, [batchSize, 2]);
}
