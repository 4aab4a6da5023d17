/** Dropout whose masks depend on a seed tensor alone, so that a recorded step draws new ones when it is given a new seed. */
import * as tf from "@tensorflow/tfjs-core";
import { seededUniform } from "../engine/index.js";
import { requireNumber } from "../support/checks.js";
import type { Dropout } from "./types.js";

/** Drops a share `rate` of x and scales the rest by 1 / (1 - rate). */
export interface Dropper {
  (x: tf.Tensor, rate: number): tf.Tensor;
  /** What an x of that shape would be multiplied by; null if nothing is dropped. */
  mask(shape: number[], rate: number): tf.Tensor | null;
}

/**
 * Dropout for one pass through a network: the i-th call derives its seed from (seed, i). Without `dropout`, or at rate 0,
 * x comes back as it is.
 * @throws {RangeError} if dropout.rate is not in [0, 1).
 */
export function dropper(dropout?: Dropout): Dropper {
  if (dropout?.rate !== undefined) requireNumber("dropper", "dropout.rate", dropout.rate, 0, 1 - 2 ** -24);
  let place = 0;
  const mask = (shape: number[], configured: number): tf.Tensor | null => {
    if (dropout === undefined) return null;
    const rate = dropout.rate ?? configured;
    place++;
    return rate === 0 ? null : scaledMask(shape, rate, placeSeed(dropout.seed, place));
  };
  const drop = (x: tf.Tensor, configured: number): tf.Tensor => {
    const factor = mask(x.shape, configured);
    return factor === null ? x : tf.mul(x, factor);
  };
  return Object.assign(drop, { mask });
}

/** 1 / (1 - rate) with probability 1 - rate, else 0. */
function scaledMask(shape: number[], rate: number, seed: tf.Tensor): tf.Tensor {
  const kept = tf.greaterEqual(seededUniform(shape, seed), rate);
  return tf.mul(tf.cast(kept, "float32"), 1 / (1 - rate));
}

/** Different places get different seeds under every seed, and never that of another place under a seed near it: the step is odd. */
function placeSeed(seed: tf.Tensor, place: number): tf.Tensor {
  return tf.add(seed, tf.tensor1d([Math.imul(place, 0x9e3779b1), place], "int32"));
}
