/** A step noted op by op while it runs once, as a graph that TensorFlow then runs as a whole. */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../support/tensors.js";
import type { TensorflowBackend } from "./backend.js";
import { Unrecordable } from "./graph.js";
import { Recorder, type Feed } from "./recorder.js";

/** A pure function of named tensors: borrows its inputs, returns tensors. */
export type StepFunction = (inputs: NamedTensors) => NamedTensors;

export interface Recording {
  /** The graph, as the bytes of a SavedModel. */
  savedModel: Uint8Array;
  /** Node by input name. */
  inputs: Record<string, string>;
  feeds: Feed[];
  /** Node by output name. */
  outputs: Record<string, string>;
  /** Frees what `feeds` keep. */
  dispose(): void;
}

/**
 * Runs `fn` once on `inputs` and notes what it does. Its results of this one run are thrown away: a recorded run of
 * the same numbers may round differently, and every run of a step must equal its repetition.
 * @returns why it cannot be recorded, if a session would not compute what `fn` does.
 * @throws whatever `fn` throws.
 */
export function record(backend: TensorflowBackend, fn: StepFunction, inputs: NamedTensors): Recording | Unrecordable {
  const recorder = new Recorder(backend, backend.readSync.bind(backend));
  try {
    const nodes = tf.tidy(() => {
      const fresh = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, distinct(backend, tensor)]));
      const placeholders = mapValues(fresh, (tensor) => recorder.input(tensor));
      const results = intercepted(backend, recorder, () => fn(fresh));
      recorder.checkVariables();
      return { inputs: placeholders, outputs: mapValues(results, (tensor) => outputNode(backend, recorder, tensor)) };
    });
    return { ...nodes, savedModel: recorder.graph.savedModel(), feeds: recorder.feeds, dispose: () => recorder.dispose() };
  } catch (error) {
    recorder.dispose();
    if (error instanceof Unrecordable) return error;
    throw error;
  }
}

const mapValues = <V, W>(record: Record<string, V>, change: (value: V) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

/** The same numbers under a name of their own: the same tensor may be two inputs, or an input and closed over. */
function distinct(backend: TensorflowBackend, tensor: tf.Tensor): tf.Tensor {
  const type = backend.getDTypeInteger(tensor.dtype);
  return backend.executeSingleOutput("Identity", [{ name: "T", type: backend.binding.TF_ATTR_TYPE, value: type }], [tensor]);
}

/** A node of its own for an output: a session does not return what it is fed. */
function outputNode(backend: TensorflowBackend, recorder: Recorder, tensor: tf.Tensor): string {
  const source = recorder.source(tensor);
  const type = backend.getDTypeInteger(tensor.dtype);
  return recorder.graph.op("Identity", [source], [{ name: "T", type: backend.binding.TF_ATTR_TYPE, value: type }]);
}

/** Runs `action` with the backend's ops noted, and with an error for what a graph could not repeat. */
function intercepted<T>(backend: TensorflowBackend, recorder: Recorder, action: () => T): T {
  const { executeSingleOutput, executeMultipleOutputs, readSync, read } = backend;
  const { random } = Math;
  backend.executeMultipleOutputs = (op, attributes, from, count) => {
    const sources = from.map((tensor) => recorder.source(tensor));
    const outputs = executeMultipleOutputs.call(backend, op, attributes, from, count);
    recorder.note(op, attributes, from, sources, outputs);
    return outputs;
  };
  backend.executeSingleOutput = (op, attributes, from) => {
    const [output] = backend.executeMultipleOutputs(op, attributes, from, 1);
    if (output === undefined) throw new Error(`record: ${op} gave no output.`);
    return output;
  };
  backend.readSync = (dataId) => {
    recorder.checkRead(dataId);
    return readSync.call(backend, dataId);
  };
  backend.read = (dataId) => {
    recorder.checkRead(dataId);
    return read.call(backend, dataId);
  };
  Math.random = () => { throw new Unrecordable("it draws random numbers on the host: seededUniform draws them in the graph"); };
  try {
    return action();
  } finally {
    Object.assign(backend, { executeSingleOutput, executeMultipleOutputs, readSync, read });
    Math.random = random;
  }
}
