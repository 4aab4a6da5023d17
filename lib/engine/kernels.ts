/** Kernels of tfjs-node that this project replaces. */
import * as tf from "@tensorflow/tfjs-core";
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
