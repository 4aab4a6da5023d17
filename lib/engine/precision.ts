/** Matrix products in the engine's precision. */
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../support/tensors.js";
import { engineInfo } from "./start.js";

/** Products with fewer multiplications than this keep fp32: they cost nothing. */
const WORTHWHILE = 2 ** 17;
/** So do those with fewer rows, columns or summands: the logits of few classes, and what their gradients go through. */
const WIDE = 8;

let reducing = false;

/**
 * a b, either transposed: with bf16 (engineInfo().bf16) and compiled, from factors and to a result of bfloat16, summed in
 * fp32. For the model's large products; tf.matMul, and this one op by op, stay in fp32. Its autodiff gradients are tf.matMul's.
 * @param a [..., m, k], or [..., k, m] transposed. @param b [..., k, n], or [..., n, k] transposed. @returns [..., m, n].
 */
export function matMul(a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false): tf.Tensor {
  const columns = Number(b.shape[b.rank - (transposeB ? 2 : 1)]), narrowest = Math.min(...a.shape.slice(-2), columns);
  if (!engineInfo().bf16 || sizeOf(a.shape) * columns < WORTHWHILE || narrowest < WIDE) return tf.matMul(a, b, transposeA, transposeB);
  reducing = true;
  try {
    return tf.matMul(a, b, transposeA, transposeB);
  } finally {
    reducing = false;
  }
}

/** Whether the op that is being recorded is such a product. */
export const isReduced = (op: string): boolean => reducing && op === "BatchMatMulV2";
