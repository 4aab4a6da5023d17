/** Attention (Vaswani et al. 2017, arXiv 1706.03762) over heads, and what is added to its scores. */
import * as tf from "@tensorflow/tfjs-core";
import { matMul } from "./ops.js";
import type { Pass } from "./pass.js";

/** [B n, heads s] -> [B, heads, n, s]. */
export const splitHeads = ({ batchSize }: Pass, heads: number, x: tf.Tensor): tf.Tensor =>
  tf.transpose(tf.reshape(x, [batchSize, -1, heads, (x.shape[x.rank - 1] ?? 1) / heads]), [0, 2, 1, 3]);

/** What is added to attention scores, [B, 1, 1, L]: 0 for a token, -1e9 for padding, whose weight is then exactly 0. */
export const maskBias = ({ batch }: Pass): tf.Tensor =>
  tf.mul(tf.sub(1, tf.expandDims(tf.expandDims(tf.cast(batch.attentionMask, "float32"), 1), 1)), -1e9);

/** What is added so that a token sees none after it, [1, 1, L, L]. */
export function causalBias({ length }: Pass): tf.Tensor {
  const positions = tf.range(0, length, 1, "int32");
  const later = tf.less(tf.expandDims(positions, 1), tf.expandDims(positions, 0));
  return tf.reshape(tf.mul(tf.cast(later, "float32"), -1e9), [1, 1, length, length]);
}

/** Queries, scaled already, [B, heads, n, s]; keys and values [B, groups, L, s]; what is added to the scores. */
export interface Attended { queries: tf.Tensor; keys: tf.Tensor; values: tf.Tensor; bias: tf.Tensor }

/**
 * softmax(q k^T + bias) v: [B n, heads s]. With fewer heads of keys than of queries, neighbouring queries share them
 * (Ainslie et al. 2023, arXiv 2305.13245): they lie behind one another, so that no key is copied.
 */
export function attend({ drop, config }: Pass, { queries, keys, values, bias }: Attended): tf.Tensor {
  const [batchSize = 0, heads = 0, asking = 0, size = 0] = queries.shape, groups = keys.shape[1] ?? heads;
  const grouped = (x: tf.Tensor): tf.Tensor => (groups === heads ? x : tf.reshape(x, [batchSize, groups, -1, x.shape[3] ?? 1]));
  const whole = (x: tf.Tensor): tf.Tensor => (groups === heads ? x : tf.reshape(x, [batchSize, heads, asking, -1]));
  const weights = tf.softmax(tf.add(whole(matMul(grouped(queries), keys, true)), bias)); // [B, heads, n, L]
  const context = whole(matMul(grouped(drop(weights, config.attentionDropout)), values));
  return tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [batchSize * asking, heads * size]);
}
