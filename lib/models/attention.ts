/** Attention (Vaswani et al. 2017, arXiv 1706.03762) over heads, and what is added to its scores. */
import * as tf from "@tensorflow/tfjs-core";
import { engineInfo, fused, matMul as product } from "../engine/index.js";
import { withGradient, type Forward } from "../support/gradient.js";
import { sizeOf, summedTo } from "../support/tensors.js";
import type { Dropper } from "./dropout.js";
import { FUSED_SIZE } from "./ops.js";
import type { Pass } from "./pass.js";
import type { ModelConfig } from "./types.js";

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

/** What attention needs of a pass. */
export interface AttendingPass { drop: Dropper; config: Pick<ModelConfig, "attentionDropout"> }

/**
 * softmax(q k^T + bias) v: [B n, heads s]. With fewer heads of keys than of queries, neighbouring queries share them
 * (Ainslie et al. 2023, arXiv 2305.13245): they lie behind one another, so that no key is copied.
 * Many scores are computed in a compiled function, and so is their gradient: TensorFlow's own product of many small matrices uses one core.
 * With bfloat16 they are not, whose products the functions do not have.
 */
export function attend({ drop, config }: AttendingPass, { queries, keys, values, bias }: Attended): tf.Tensor {
  const [batchSize = 0, heads = 0, asking = 0, size = 0] = queries.shape, groups = keys.shape[1] ?? heads, length = keys.shape[2] ?? 0;
  const grouped = (x: tf.Tensor): tf.Tensor => (groups === heads ? x : tf.reshape(x, [batchSize, groups, -1, x.shape[3] ?? 1]));
  const whole = (x: tf.Tensor): tf.Tensor => (groups === heads ? x : tf.reshape(x, [batchSize, heads, asking, -1]));
  const shape = [batchSize, heads, asking, length], large = sizeOf(shape) >= FUSED_SIZE && !engineInfo().bf16;
  const mask = drop.mask(shape, config.attentionDropout);
  const kept = (weights: tf.Tensor): tf.Tensor => (mask === null ? weights : tf.mul(weights, mask));

  const forward = (): Forward => {
    const { context, weights } = fused(large, () => {
      const probabilities = tf.softmax(tf.add(whole(product(grouped(queries), keys, false, true)), bias)); // [B, heads, n, L]
      const sum = whole(product(grouped(kept(probabilities)), values));
      return { context: tf.reshape(tf.transpose(sum, [0, 2, 1, 3]), [batchSize * asking, heads * size]), weights: probabilities };
    });
    return { value: context, saved: [queries, keys, values, weights, ...(mask === null ? [] : [mask])] };
  };
  const backward = (dContext: tf.Tensor, [q, k, v, weights]: tf.Tensor[]): tf.Tensor[] => {
    if (q === undefined || k === undefined || v === undefined || weights === undefined) throw new Error("attend: nothing was saved.");
    const { dQueries, dKeys, dValues, dScores } = fused(large, () => {
      const dSum = grouped(tf.transpose(tf.reshape(dContext, [batchSize, asking, heads, size]), [0, 2, 1, 3]));
      const dWeights = tf.mul(kept(whole(product(dSum, v, false, true))), weights);
      const scores = tf.sub(dWeights, tf.mul(weights, tf.sum(dWeights, -1, true)));
      return {
        dQueries: whole(product(grouped(scores), k)), dKeys: product(grouped(scores), grouped(q), true),
        dValues: product(grouped(kept(weights)), dSum, true), dScores: scores,
      };
    });
    return [dQueries, dKeys, dValues, summedTo(bias.shape, dScores)];
  };
  return withGradient([queries, keys, values, bias], forward, backward);
}
