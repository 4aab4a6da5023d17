/** Kernels that this project replaces or adds. */
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../support/tensors.js";
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
