/** Event files of TensorBoard, by TensorFlow's own writer. */
import * as tf from "@tensorflow/tfjs-core";
import { createRequire } from "node:module";
import { startEngine, tensorflowBackend } from "./start.js";

interface SummaryWriter {
  resourceHandle: tf.Tensor;
  scalar(name: string, value: number, step: number): void;
  flush(): void;
}

interface NodeModule { node: { summaryFileWriter(folder: string, queue?: number, flushMilliseconds?: number): SummaryWriter } }

export interface Scalar {
  name: string;
  step: number;
  value: number;
}

/** Writes `scalars` as one event file of `folder`, which must be another each time: tfjs-node keeps one writer a folder. @throws {Error} without TensorFlow. */
export async function writeScalars(folder: string, scalars: readonly Scalar[]): Promise<void> {
  await startEngine();
  const backend = tensorflowBackend();
  if (backend === null) throw new Error("writeScalars: event files need TensorFlow's backend, which does not run here: d90 doctor tells why.");
  const { node }: NodeModule = createRequire(import.meta.url)("@tensorflow/tfjs-node-gpu");
  // Making a writer leaves scalars behind.
  tf.engine().startScope();
  const writer = node.summaryFileWriter(folder, scalars.length + 1);
  try {
    for (const { name, value, step } of scalars) writer.scalar(name, value, step);
    writer.flush();
  } finally {
    // tfjs-node never closes its writers: a thousand runs would keep a thousand files open.
    backend.executeMultipleOutputs("CloseSummaryWriter", [], [writer.resourceHandle], 0);
    tf.engine().endScope();
  }
}
