/** Uniform numbers that depend on a seed tensor alone, so that a compiled step draws new ones when it is given a new seed. */
import * as tf from "@tensorflow/tfjs-core";
import { shown } from "../support/checks.js";
import { sizeOf } from "../support/tensors.js";
import { tensorflowBackend } from "./start.js";

/**
 * Uniform numbers in [0, 1) of `shape`, a pure function of `seed` (int32 [2]); TensorFlow's StatelessRandomUniform
 * (Philox), or on other backends a hash of the seed and the position. The two give different numbers.
 * @throws {RangeError} if the seed is not an int32 tensor of shape [2].
 */
export function seededUniform(shape: number[], seed: tf.Tensor): tf.Tensor {
  if (seed.dtype !== "int32" || seed.size !== 2 || seed.rank !== 1) {
    throw new RangeError(`seededUniform: seed must be an int32 tensor of shape [2], got ${seed.dtype} ${shown(seed.shape)}.`);
  }
  const node = tensorflowBackend();
  if (node === null) return tf.tensor(hashedUniform(sizeOf(shape), seed.dataSync()), shape);
  const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = node.binding;
  const attributes = [
    { name: "dtype", type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: "T", type: TF_ATTR_TYPE, value: TF_INT32 },
    { name: "Tseed", type: TF_ATTR_TYPE, value: TF_INT32 },
  ];
  return tf.tidy(() => node.executeSingleOutput("StatelessRandomUniform", attributes, [tf.tensor1d(shape, "int32"), seed]));
}

/** Position and seed through the finaliser of MurmurHash3, twice; 24 bits each. */
function hashedUniform(size: number, seed: ArrayLike<number>): Float32Array {
  const [low, high] = [mixed((seed[0] ?? 0) ^ 0x9e3779b9), mixed((seed[1] ?? 0) ^ 0x85ebca6b)];
  return Float32Array.from({ length: size }, (_, i) => (mixed(mixed(i ^ low) ^ high) >>> 8) / 2 ** 24);
}

function mixed(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
