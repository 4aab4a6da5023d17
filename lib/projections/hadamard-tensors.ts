/** The Walsh-Hadamard transform and the sum over periods as tensor operations. */
import * as tf from "@tensorflow/tfjs-core";
import { hadamard } from "./hadamard.js";

/** Rows of the matrices that H is a product of, at most: 32 and 128 take as long, 16 longer. */
const FACTOR = 64;

/** H for rows of n numbers. */
export interface HadamardRows {
  /** H x for each row x of [p, n], unnormalised. */
  of(x: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/**
 * H_n as products: with n = q r it is the Kronecker product of H_q and H_r, and so on. Each factor multiplies the last axis, which then goes to the front
 * of a row, so that after all of them the order is the first. A quarter to a half of the time of log2(n) sums and differences of halves, each of which
 * goes through memory. In fp32 also where the engine runs in bf16; on CUDA, TensorFlow's own default rounds factors to TF32.
 * @param n a power of two.
 */
export function hadamardRows(n: number): HadamardRows {
  const factors = factorsOf(n).map(hadamardMatrix);
  return {
    of(x) {
      const [p] = x.shape;
      let y: tf.Tensor = x;
      for (const H of factors) {
        const [r] = H.shape;
        y = tf.matMul(tf.reshape(y, [p * n / r, r]), H);
        if (r < n) y = tf.transpose(tf.reshape(y, [p, n / r, r]), [0, 2, 1]);
      }
      return tf.reshape(y, [p, n]);
    },
    dispose: () => factors.forEach((H) => H.dispose()),
  };
}

/** As few powers of two as have the product n and none above FACTOR, as even as they can be. */
function factorsOf(n: number): number[] {
  const bits = Math.log2(n), count = Math.max(1, Math.ceil(bits / Math.log2(FACTOR)));
  return Array.from({ length: count }, (_unused, i) => 2 ** Math.floor((bits + i) / count));
}

function hadamardMatrix(n: number): tf.Tensor2D {
  const values = new Float32Array(n * n);
  for (let row = 0; row < n; row++) {
    values[row * n + row] = 1;
    hadamard(values, row * n, n);
  }
  return tf.tensor2d(values, [n, n]);
}

/** The sum [q] over the rows of x [m, q]. In two steps: TensorFlow sums over a middle axis 3 times faster than over the first. */
export function sumRows(x: tf.Tensor2D): tf.Tensor1D {
  const [m, q] = x.shape;
  if (m === 1) return tf.reshape(x, [q]);
  if (m % 2 === 1) {
    const last = tf.reshape(tf.slice(x, [m - 1, 0], [1, q]), [q]) as tf.Tensor1D;
    return tf.add(sumRows(tf.slice(x, [0, 0], [m - 1, q])), last);
  }
  const parts = m % 8 === 0 ? 8 : m % 4 === 0 ? 4 : 2;
  return tf.sum(tf.sum(tf.reshape(x, [parts, m / parts, q]), 1), 0);
}
