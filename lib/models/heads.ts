/** Classification heads over the first token's state [B, H], by Hugging Face's names; each gives logits [B, labels]. */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedShapes } from "../support/tensors.js";
import { denseShapes } from "./encoder.js";
import { dense, type Pass } from "./pass.js";
import type { ModelConfig } from "./types.js";

/** tanh of the pretrained pooler, dropout, `classifier`: BERT and ALBERT. */
export const pooledLogits = (pass: Pass, pooler: string, first: tf.Tensor): tf.Tensor =>
  dense(pass, "classifier", pass.drop(tf.tanh(dense(pass, pooler, first)), pass.config.classifierDropout));

/** Dropout, `classifier.dense`, a non-linearity, dropout, `classifier.out_proj`: RoBERTa, ELECTRA, MPNet. */
export function projectedLogits(pass: Pass, first: tf.Tensor, activation: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const { drop, config: { classifierDropout: rate } } = pass;
  const inner = activation(dense(pass, "classifier.dense", drop(first, rate)));
  return dense(pass, "classifier.out_proj", drop(inner, rate));
}

/** Shapes of the head of `projectedLogits`. */
export const projectedShapes = ({ hiddenSize }: ModelConfig, labels: number): NamedShapes =>
  ({ ...denseShapes("classifier.dense", hiddenSize, hiddenSize), ...denseShapes("classifier.out_proj", labels, hiddenSize) });

/** Weight and bias of each layer. */
export const weightAndBias = (...layers: string[]): string[] => layers.flatMap((name) => [`${name}.weight`, `${name}.bias`]);

/** Names of the head of `projectedLogits`. */
export const projectedNames = (): string[] => weightAndBias("classifier.dense", "classifier.out_proj");
