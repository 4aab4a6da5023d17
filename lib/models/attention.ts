/** Attention (Vaswani et al. 2017, arXiv 1706.03762) over heads, and what is added to its scores. */
import * as tf from "@tensorflow/tfjs-core";
import { matMul as product, operations, requiredOperations, type QueriesKeysValues } from "../engine/index.js";
import { withGradient, type Forward } from "../support/gradient.js";
import { summedTo } from "../support/tensors.js";
import type { Dropper } from "./dropout.js";
import { lastOf } from "./ops.js";
import type { Pass } from "./pass.js";
import type { ModelConfig } from "./types.js";

/** What is added to attention scores, [B, 1, 1, L]: 0 for a token, -1e9 for padding, whose weight is then exactly 0. */
export const maskBias = ({ batch }: Pass): tf.Tensor =>
  tf.mul(tf.sub(1, tf.expandDims(tf.expandDims(tf.cast(batch.attentionMask, "float32"), 1), 1)), -1e9);

/** What is added so that a token sees none after it, [1, 1, L, L]. */
export function causalBias({ length }: Pass): tf.Tensor {
  const positions = tf.range(0, length, 1, "int32");
  const later = tf.less(tf.expandDims(positions, 1), tf.expandDims(positions, 0));
  return tf.reshape(tf.mul(tf.cast(later, "float32"), -1e9), [1, 1, length, length]);
}

/** What attends to what; groups of neighbouring heads of queries share a head of keys (Ainslie et al. 2023, arXiv 2305.13245). */
export interface Attended {
  of: QueriesKeysValues;
  /** What products of queries and keys are multiplied by. */
  scale: number;
  heads: number;
  /** Heads of keys; default as many as of queries. */
  groups?: number;
  /** What is added to the scores: [1 or B, 1 or heads, 1 or n, L]. */
  bias: tf.Tensor;
  /** Whether that depends on parameters; default false: then it has no gradient. */
  learned?: boolean;
}

/** What attention needs of a pass. */
export interface AttendingPass { drop: Dropper; batchSize: number; config: Pick<ModelConfig, "attentionDropout"> }

/** softmax(scale q k^T + bias) v: [B n, heads s]. */
export function attend(pass: AttendingPass, attended: Attended): tf.Tensor {
  const { of, heads, groups = heads } = attended, { batchSize, drop, config } = pass;
  const [asking = 0] = of[0]!.shape, [length = 0] = of.at(-1)!.shape;
  const mask = drop.mask([batchSize, heads, asking / batchSize, length / batchSize], config.attentionDropout);
  return operations() === null ? attendByHeads(attended, { batchSize, groups, mask }) : attendAtOnce(attended, { batchSize, groups, mask });
}

/** `mask`: what the weights are multiplied by, [B, heads, n, L]; null for nothing. */
interface Division { batchSize: number; groups: number; mask: tf.Tensor | null }

/** As one operation, and its gradient as another. */
function attendAtOnce({ of, heads, scale, bias, learned = false }: Attended, { batchSize, groups, mask }: Division): tf.Tensor {
  const sizes = { batchSize, heads, groups, scale }, dropping = mask === null ? [] : [mask];
  const forward = (): Forward => {
    const { context, weights } = requiredOperations().attention(of, bias, mask, sizes);
    return { value: context, saved: [weights, ...of, ...dropping] };
  };
  const backward = (dContext: tf.Tensor, [weights, ...saved]: tf.Tensor[]): tf.Tensor[] => {
    const [dropped = null] = saved.slice(of.length);
    if (weights === undefined) throw new Error("attend: nothing was saved.");
    const gradients = requiredOperations().attentionGradient(dContext, saved.slice(0, of.length), weights, dropped, { ...sizes, learned });
    return [...gradients.of, ...(gradients.ofScores === null ? [] : [summedTo(bias.shape, gradients.ofScores)])];
  };
  return withGradient([...of, ...(learned ? [bias] : [])], forward, backward);
}

/** Queries, keys and values, of `heads` each, as tensors of their own. */
function apart(of: QueriesKeysValues, heads: readonly number[]): tf.Tensor[] {
  if (of.length === heads.length) return [...of];
  const last = of.at(-1)!, joined = heads.slice(of.length - 1), size = lastOf(last) / joined.reduce((sum, count) => sum + count, 0);
  return [...of.slice(0, -1), ...tf.split(last, joined.map((count) => count * size), 1)];
}

/** Operation by operation. Queries that share keys lie behind one another, so that no key is copied. */
function attendByHeads({ of, scale, heads, bias }: Attended, { batchSize, groups, mask }: Division): tf.Tensor {
  const [asked, keyed, to] = apart(of, [heads, groups, groups]);
  const split = (x: tf.Tensor, parts: number): tf.Tensor => tf.transpose(tf.reshape(x, [batchSize, -1, parts, (x.shape[1] ?? 1) / parts]), [0, 2, 1, 3]);
  const queries = split(tf.mul(asked!, scale), heads), keys = split(keyed!, groups), values = split(to!, groups);
  const [, , asking = 0, size = 0] = queries.shape;
  const grouped = (x: tf.Tensor): tf.Tensor => (groups === heads ? x : tf.reshape(x, [batchSize, groups, -1, x.shape[3] ?? 1]));
  const whole = (x: tf.Tensor): tf.Tensor => (groups === heads ? x : tf.reshape(x, [batchSize, heads, asking, -1]));
  const kept = (weights: tf.Tensor): tf.Tensor => (mask === null ? weights : tf.mul(weights, mask));

  const forward = (): Forward => {
    const weights = tf.softmax(tf.add(whole(product(grouped(queries), keys, false, true)), bias)); // [B, heads, n, L]
    const sum = whole(product(grouped(kept(weights)), values));
    const context = tf.reshape(tf.transpose(sum, [0, 2, 1, 3]), [batchSize * asking, heads * size]);
    return { value: context, saved: [queries, keys, values, weights, ...(mask === null ? [] : [mask])] };
  };
  const backward = (dContext: tf.Tensor, [q, k, v, weights]: tf.Tensor[]): tf.Tensor[] => {
    if (q === undefined || k === undefined || v === undefined || weights === undefined) throw new Error("attend: nothing was saved.");
    const dSum = grouped(tf.transpose(tf.reshape(dContext, [batchSize, asking, heads, size]), [0, 2, 1, 3]));
    const dWeights = tf.mul(kept(whole(product(dSum, v, false, true))), weights);
    const dScores = tf.sub(dWeights, tf.mul(weights, tf.sum(dWeights, -1, true)));
    return [
      whole(product(grouped(dScores), k)), product(grouped(dScores), grouped(q), true), product(grouped(kept(weights)), dSum, true),
      summedTo(bias.shape, dScores),
    ];
  };
  return withGradient([queries, keys, values, bias], forward, backward);
}
