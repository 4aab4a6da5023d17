/**
 * One forward pass: what every part of it needs, and the layers that are looked up by name.
 * Here and in the parts below B is the number of texts, L their padded length, H the hidden size.
 */
import * as tf from "@tensorflow/tfjs-core";
import { shown } from "../support/checks.js";
import type { NamedTensors } from "../support/tensors.js";
import { dropper, type Dropper } from "./dropout.js";
import { embedding } from "./embedding.js";
import { layerNorm, linear } from "./ops.js";
import type { Dropout, ModelConfig, TokenBatch } from "./types.js";

/** What every part of one forward pass needs. */
export interface Pass {
  parameters: NamedTensors;
  config: ModelConfig;
  batch: TokenBatch;
  batchSize: number;
  length: number;
  drop: Dropper;
}

/** What `logits` of an Architecture takes. */
export type LogitsArguments = [parameters: NamedTensors, config: ModelConfig, batch: TokenBatch, dropout?: Dropout];

/** `compute` as the `logits` of an Architecture: the batch is checked, and nothing but the result stays. */
export const logitsBy = (compute: (pass: Pass) => tf.Tensor) => (...[parameters, config, batch, dropout]: LogitsArguments): tf.Tensor2D =>
  tf.tidy(() => {
    const [batchSize, length] = checkedShape(batch, config);
    return compute({ parameters, config, batch, batchSize, length, drop: dropper(dropout) }) as tf.Tensor2D;
  });

function checkedShape({ inputIds, attentionMask, tokenTypeIds }: TokenBatch, { maxPositions }: ModelConfig): [number, number] {
  for (const [name, { shape }] of Object.entries({ attentionMask, tokenTypeIds })) {
    if (shape[0] !== inputIds.shape[0] || shape[1] !== inputIds.shape[1]) {
      throw new RangeError(`logits: ${name} must have the shape of inputIds, ${shown(inputIds.shape)}, got ${shown(shape)}.`);
    }
  }
  if (inputIds.shape[1] > maxPositions) {
    const [, got] = inputIds.shape;
    throw new RangeError(`logits: inputIds must have at most ${maxPositions} columns (positions), got ${got}: truncate the texts.`);
  }
  return inputIds.shape;
}

/** A parameter by its name. @throws {RangeError} if it is not there. */
export function parameter({ parameters }: Pick<Pass, "parameters">, name: string): tf.Tensor {
  const found = parameters[name];
  if (found !== undefined) return found;
  throw new RangeError(`logits: parameters must have "${name}", got ${Object.keys(parameters).length} others.`);
}

/** x W^T + b with the parameters `name`.weight [out, in] and `name`.bias [out]. */
export const dense = (pass: Pass, name: string, x: tf.Tensor): tf.Tensor =>
  linear(x, parameter(pass, `${name}.weight`), parameter(pass, `${name}.bias`));

/** Layer normalisation with the parameters `name`.weight and `name`.bias. */
export const norm = (pass: Pass, name: string, x: tf.Tensor): tf.Tensor =>
  layerNorm(x, parameter(pass, `${name}.weight`), parameter(pass, `${name}.bias`), pass.config.layerNormEps);

/** The first token's state of each text: [B L, W] -> [B, W]. */
export function firstTokens({ batchSize, length }: Pass, hidden: tf.Tensor): tf.Tensor {
  const width = hidden.size / (batchSize * length);
  return tf.reshape(tf.slice(tf.reshape(hidden, [batchSize, length, width]), [0, 0, 0], [batchSize, 1, width]), [batchSize, width]);
}

/** The position of each text's last token, whichever side is padded: int32 [B]; 0 where all is padding. */
export const lastPositions = ({ batch, length }: Pass): tf.Tensor1D =>
  tf.max(tf.mul(batch.attentionMask, tf.range(0, length, 1, "int32")), 1) as tf.Tensor1D;

/** The last token's state of each text: [B L, W] -> [B, W]. */
export function lastTokens(pass: Pass, hidden: tf.Tensor): tf.Tensor {
  const { batchSize, length } = pass;
  const starts = tf.range(0, batchSize * length, length, "int32");
  return embedding(hidden, tf.add(lastPositions(pass), starts) as tf.Tensor1D);
}

/** The number of tokens before each one, by the mask, so that padding has no say on either side: int32 [B L]. */
export function positionsByMask({ batch }: Pass): tf.Tensor1D {
  const before = tf.sub(tf.cumsum(batch.attentionMask, 1), tf.scalar(1, "int32"));
  return tf.reshape(tf.maximum(before, tf.scalar(0, "int32")), [-1]) as tf.Tensor1D;
}
