/** Named tensors: how parameters, gradients, batches and what is trained travel between the parts. */
import * as tf from "@tensorflow/tfjs-core";

/** Tensors by name; parameters carry the names that Hugging Face gives them. */
export type NamedTensors = Record<string, tf.Tensor>;

/** Shapes by name, in the order of theta. */
export type NamedShapes = Record<string, readonly number[]>;

/** Number of scalars in a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Number of scalars in all of `shapes`: the ambient dimension D. */
export const totalSize = (shapes: NamedShapes): number => Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);

/** Shapes of `tensors`, by name. */
export const shapesOf = (tensors: NamedTensors): NamedShapes =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.shape]));

/** Inputs of one compiled call travel in one flat table: "<group>/<name>". */
export const grouped = (group: string, tensors: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${group}/${name}`, tensor]));

/** The tensors of one group, by their own names again. */
export const group = (name: string, tensors: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).filter(([key]) => key.startsWith(`${name}/`))
    .map(([key, tensor]) => [key.slice(name.length + 1), tensor]));

/** `x` summed to `shape`, which broadcasts to x's. */
export const summedTo = (shape: readonly number[], x: tf.Tensor): tf.Tensor =>
  tf.reshape(tf.sum(x, tf.broadcast_util.getReductionAxes([...shape], x.shape)), [...shape]);

/** Where TensorFlow wants a tensor's values to begin: from there it shares an array's memory, which it otherwise copies. */
const ALIGNMENT = 64;
/** Where Node's large buffers begin, after the allocator's header. */
const HEADER = 16;

/** Zeros for a large tensor's values, whose memory TensorFlow then shares where the allocator is the usual one. */
export const alignedFloats = (length: number): Float32Array<ArrayBuffer> =>
  new Float32Array(new ArrayBuffer(4 * length + ALIGNMENT - HEADER), ALIGNMENT - HEADER, length);

/** Disposes every tensor of `tensors`. */
export function disposeAll(tensors: NamedTensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
