/** Kernels that this project replaces or adds. */
import * as tf from "@tensorflow/tfjs-core";
import { withGradient } from "../support/gradient.js";
import { sizeOf, summedTo } from "../support/tensors.js";
import type { TensorflowBackend } from "./backend.js";

/**
 * Replaces GatherV2, which reads the indices on the host to check their range before TensorFlow checks it again: the
 * read waits for the device, and cannot be recorded.
 */
export function replaceGather(backend: TensorflowBackend): void {
  const { TF_ATTR_INT, TF_ATTR_TYPE, TF_INT32 } = backend.binding;
  tf.unregisterKernel("GatherV2", "tensorflow");
  tf.registerKernel({
    kernelName: "GatherV2",
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, indices } = inputs;
      if (x === undefined || indices === undefined) throw new Error("GatherV2: x and indices must be given.");
      const attributes = [
        { name: "batch_dims", type: TF_ATTR_INT, value: Number(attrs?.["batchDims"] ?? 0) },
        { name: "Tparams", type: TF_ATTR_TYPE, value: backend.getDTypeInteger(x.dtype) },
        { name: "Tindices", type: TF_ATTR_TYPE, value: backend.getDTypeInteger(indices.dtype) },
        { name: "Taxis", type: TF_ATTR_TYPE, value: TF_INT32 },
      ];
      const axis = tf.scalar(Number(attrs?.["axis"] ?? 0), "int32");
      try {
        return backend.executeSingleOutput("GatherV2", attributes, [x, indices, axis]);
      } finally {
        axis.dispose();
      }
    },
  });
}

/** Replaces Select by one whose three tensors may differ in shape, as they broadcast: tf.where makes tensors of one shape first. */
export function replaceSelect(backend: TensorflowBackend): void {
  tf.unregisterKernel("Select", "tensorflow");
  tf.registerKernel({
    kernelName: "Select",
    backendName: "tensorflow",
    kernelFunc: ({ inputs }) => {
      const { condition, t, e } = inputs;
      if (condition === undefined || t === undefined || e === undefined) throw new Error("Select: condition, t and e must be given.");
      const type = { name: "T", type: backend.binding.TF_ATTR_TYPE, value: backend.getDTypeInteger(t.dtype) };
      return backend.executeSingleOutput("SelectV2", [type], [condition, t, e]);
    },
  });
}

/**
 * x, negated where `negative` is true: signs at a byte each, and no slower than a product with signs as numbers.
 * @param negative bool, of a shape to which x's broadcasts. @returns [...negative.shape].
 */
export function negatedWhere(negative: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return withGradient([x], () => ({ value: select(negative, tf.neg(x), x), saved: [negative] }), (dy, [signs]) => {
    if (signs === undefined) throw new Error("negatedWhere: nothing was saved.");
    return [summedTo(x.shape, negatedWhere(signs, dy))];
  });
}

const select = (condition: tf.Tensor, t: tf.Tensor, e: tf.Tensor): tf.Tensor =>
  tf.getBackend() === "tensorflow" ? tf.engine().runKernel("Select", { condition, t, e }) : tf.where(condition, t, e);

/**
 * Gives `backendName` a kernel UnsortedSegmentSum, which the gradient of a lookup needs, on the host: wasm lacks it, and the
 * cpu backend's passes over all of x once for every segment.
 */
export function addSegmentSum(backendName: string): void {
  if (tf.getKernel("UnsortedSegmentSum", backendName)) tf.unregisterKernel("UnsortedSegmentSum", backendName);
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, segmentIds } = inputs;
      if (x === undefined || segmentIds === undefined) throw new Error("UnsortedSegmentSum: x and segmentIds must be given.");
      if (!(backend instanceof tf.KernelBackend)) throw new Error(`UnsortedSegmentSum: the backend ${backendName} must hold tensors.`);
      const [values, ids] = [backend.readSync(x.dataId), backend.readSync(segmentIds.dataId)];
      const width = sizeOf(x.shape) / ids.length;
      const shape = [Number(attrs?.["numSegments"]), ...x.shape.slice(segmentIds.shape.length)];
      const sums = x.dtype === "int32" ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
      for (let i = 0; i < values.length; i++) {
        const place = Number(ids[Math.floor(i / width)]) * width + (i % width);
        sums[place] = Number(sums[place]) + Number(values[i]);
      }
      return tf.engine().makeTensor(sums, shape, x.dtype, backend);
    },
  });
}
