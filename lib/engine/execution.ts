/** How ops run while a step is recorded: not at all, if their outputs' shapes are known without it. */
import * as tf from "@tensorflow/tfjs-core";
import type { DataId, TensorInfo } from "@tensorflow/tfjs-core";
import type { HostValues, OpAttribute, TensorflowBackend } from "./backend.js";
import { outputsOf } from "./shapes.js";

export interface Execution {
  /** The outputs of an op, or tensors that stand for them. */
  execute(op: string, attributes: OpAttribute[], from: TensorInfo[], outputs: number): tf.Tensor[];
  /** A tensor's values on the host. */
  valuesOf(dataId: DataId): HostValues;
}

/** An op's outputs, or values, are needed that are not known unless the step really runs. */
export class Unimaginable extends Error {
  override name = "Unimaginable";
}

/** Runs every op. */
export function executing(backend: TensorflowBackend): Execution {
  return { execute: backend.executeMultipleOutputs.bind(backend), valuesOf: backend.readSync.bind(backend) };
}

/** Runs none: gives tensors without values. Its functions throw Unimaginable where that does not do. */
export function imagining(backend: TensorflowBackend): Execution {
  const imagined = new WeakSet<DataId>();
  const readSync = backend.readSync.bind(backend);
  const valuesOf = (dataId: DataId): HostValues => {
    if (imagined.has(dataId)) throw new Unimaginable();
    return readSync(dataId);
  };
  return {
    valuesOf,
    execute(op, attributes, from, count) {
      const outputs = outputsOf(op, attributes, from, (tensor) => Array.from(valuesOf(tensor.dataId), Number));
      if (outputs.length !== count) throw new Unimaginable();
      return outputs.map(({ shape, dtype }) => {
        const dataId = backend.write(null, shape, dtype);
        imagined.add(dataId);
        return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
      });
    },
  };
}
