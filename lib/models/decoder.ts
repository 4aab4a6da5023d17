/**
 * The decoder that GPT-2 and Llama share: layers that normalise before attention and before the feed-forward part, tokens that
 * see none after them, and logits from the last token's state alone, as Transformers' ...ForSequenceClassification do.
 */
import * as tf from "@tensorflow/tfjs-core";
import { attend, causalBias, maskBias, type Attended } from "./attention.js";
import { lastTokens, type Pass } from "./pass.js";

/** The parts of layer `index`; rows are those of the tokens that ask. */
export interface DecoderParts {
  attentionNorm(hidden: tf.Tensor, index: number): tf.Tensor;
  /** Queries of `asking` [rows, H], keys and values of `hidden` [B L, H]. */
  heads(asking: tf.Tensor, hidden: tf.Tensor, index: number): Omit<Attended, "bias">;
  /** The output projection of attention. */
  attended(context: tf.Tensor, index: number): tf.Tensor;
  feedNorm(hidden: tf.Tensor, index: number): tf.Tensor;
  feedForward(hidden: tf.Tensor, index: number): tf.Tensor;
}

/** Whether layer `index` is the last, of which only the last token's state is read: only it asks there. */
export const isLast = ({ config }: Pass, index: number): boolean => index === config.layers - 1;

/** All layers: [B L, H] -> [B, H]. */
export function decode(pass: Pass, embedded: tf.Tensor, parts: DecoderParts): tf.Tensor {
  const padding = maskBias(pass), causal = tf.add(padding, causalBias(pass));
  let hidden = embedded;
  for (let index = 0; index < pass.config.layers; index++) {
    const chosen = (x: tf.Tensor): tf.Tensor => (isLast(pass, index) ? lastTokens(pass, x) : x);
    const normal = parts.attentionNorm(hidden, index);
    const heads = parts.heads(chosen(normal), normal, index);
    const context = attend(pass, { ...heads, bias: isLast(pass, index) ? padding : causal });
    const middle = tf.add(parts.attended(context, index), chosen(hidden));
    hidden = tf.add(parts.feedForward(parts.feedNorm(middle, index), index), middle);
  }
  return hidden;
}
