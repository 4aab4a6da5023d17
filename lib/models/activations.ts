/** Non-linearities, by the names of Hugging Face's configurations. */
import * as tf from "@tensorflow/tfjs-core";
import { operations } from "../engine/index.js";
import { asOneOperation, gelu, relu } from "./ops.js";
import type { Activation } from "./types.js";

/** 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))): GELU's approximation of the original BERT and GPT code. */
function geluTanh(x: tf.Tensor): tf.Tensor {
  if (operations() !== null) return asOneOperation("geluTanh", x);
  const cubic = tf.mul(tf.add(tf.mul(tf.square(x), 0.044715), 1), x);
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(cubic, Math.sqrt(2 / Math.PI))), 1));
}

const relu6 = (x: tf.Tensor): tf.Tensor => tf.minimum(relu(x), 6);

/** (1 + erf((x - mu) / (sigma sqrt 2))) / 2 (Ma et al. 2022, arXiv 2209.10655), mu and sigma as Transformers writes them. */
function laplace(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.add(tf.erf(tf.div(tf.sub(x, 0.707107), 0.282095 * Math.SQRT2)), 1), 0.5);
}

/** Each activation as a function of a tensor of any shape; the result is owned by the caller. */
export const activate: Readonly<Record<Activation, (x: tf.Tensor) => tf.Tensor>> = {
  gelu,
  gelu_10: (x) => tf.clipByValue(gelu(x), -10, 10),
  gelu_new: geluTanh,
  hardswish: (x) => tf.mul(x, tf.div(relu6(tf.add(x, 3)), 6)),
  laplace,
  leaky_relu: (x) => tf.leakyRelu(x, 0.01),
  linear: (x) => tf.clone(x),
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  quick_gelu: (x) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702))),
  relu,
  relu2: (x) => tf.square(relu(x)),
  relu6,
  sigmoid: (x) => tf.sigmoid(x),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  sqrtsoftplus: (x) => tf.sqrt(tf.softplus(x)),
  tanh: (x) => tf.tanh(x),
};

/** Hugging Face's names, several for one function. */
export const activationNames: Readonly<Record<string, Activation>> = {
  gelu: "gelu", gelu_python: "gelu", gelu_10: "gelu_10", gelu_new: "gelu_new", gelu_pytorch_tanh: "gelu_new", gelu_python_tanh: "gelu_new",
  gelu_fast: "gelu_new", gelu_accurate: "gelu_new", hardswish: "hardswish", laplace: "laplace", leaky_relu: "leaky_relu", linear: "linear", mish: "mish",
  quick_gelu: "quick_gelu", relu: "relu", relu2: "relu2", relu6: "relu6", sigmoid: "sigmoid", silu: "silu", swish: "silu",
  sqrtsoftplus: "sqrtsoftplus", tanh: "tanh",
};

/** Those of Transformers that are not supported, and why. */
export const refusedActivations: Readonly<Record<string, string>> = {
  prelu: "prelu has a parameter of its own", xielu: "xielu has parameters of its own",
};
