/**
 * Batches of similar length: rows are shuffled by seed and epoch, sorted by length inside windows, and padded to one of few
 * bucket lengths, so that little is computed for padding and a recorded step is needed for few shapes only.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Encoding, Tokenizer } from "../models/tokenizer.js";
import { padBatch } from "../models/tokenizer.js";
import type { Example } from "../tasks/task.js";
import { shuffle, splitSeed } from "../support/random.js";

/** Examples as token ids, with their labels. */
export interface EncodedSet {
  encodings: Encoding[];
  labels: number[];
}

/** Tokenises `examples`, each cut to `maxLength` tokens (longest text first). */
export function encodeExamples(tokenizer: Tokenizer, examples: readonly Example[], maxLength: number): EncodedSet {
  return {
    encodings: examples.map(({ text, text2 }) => tokenizer.encode(text, text2, maxLength)),
    labels: examples.map(({ label }) => label),
  };
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
 * @returns inputIds, attentionMask, tokenTypeIds int32 [batchSize, length]; targets float32 [batchSize, classes], the one-hot
 * label over the number of real rows: the mean cross-entropy is -sum(targets * logSoftmax(logits)). Owned by the caller.
 */
export function batchTensors(set: EncodedSet, plan: BatchPlan, { batchSize, classes, padId }:
  { batchSize: number; classes: number; padId: number }): Record<"inputIds" | "attentionMask" | "tokenTypeIds" | "targets", tf.Tensor2D> {
  const filled = Array.from({ length: batchSize }, (_unused, i) => plan.rows[i] ?? plan.rows[0]);
  const padded = padBatch(filled.map((row) => set.encodings[row]), plan.length, padId);
  const targets = new Float32Array(batchSize * classes);
  plan.rows.forEach((row, i) => { targets[i * classes + set.labels[row]] = 1 / plan.rows.length; });
  const matrix = (values: Int32Array) => tf.tensor2d(values, [batchSize, plan.length], "int32");
  return {
    inputIds: matrix(padded.inputIds),
    attentionMask: matrix(padded.attentionMask),
    tokenTypeIds: matrix(padded.tokenTypeIds),
    targets: tf.tensor2d(targets, [batchSize, classes]),
  };
}
