/** Non-linearities of encoders. */
import * as tf from "@tensorflow/tfjs-core";
import { gelu } from "./ops.js";
import type { Activation } from "./types.js";

/** 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))): GELU's approximation of the original BERT and GPT code. */
function geluTanh(x: tf.Tensor): tf.Tensor {
  const cubic = tf.mul(tf.add(tf.mul(tf.square(x), 0.044715), 1), x);
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(cubic, Math.sqrt(2 / Math.PI))), 1));
}

const silu = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.sigmoid(x));

/** Each activation as a function of a tensor of any shape; the result is owned by the caller. */
export const activate: Readonly<Record<Activation, (x: tf.Tensor) => tf.Tensor>> = {
  gelu, gelu_new: geluTanh, relu: (x) => tf.relu(x), silu,
};
