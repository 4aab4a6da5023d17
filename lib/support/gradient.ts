/** Operations with gradients written by hand. */
import * as tf from "@tensorflow/tfjs-core";

/** A value with what its gradient needs later. */
export interface Forward { value: tf.Tensor; saved: tf.Tensor[] }

/** `forward` as an op of `inputs` whose gradients are `backward` of the output's gradient and the saved tensors: what is not saved may be freed before. */
export function withGradient(
  inputs: tf.Tensor[], forward: () => Forward, backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  return tf.customGrad((...args) => {
    const { value, saved } = forward();
    const save = args[args.length - 1];
    if (typeof save === "function") save(saved);
    return { value, gradFunc: backward };
  })(...inputs);
}
