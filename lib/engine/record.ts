/** A step noted op by op, as a graph that TensorFlow then runs as a whole. */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../support/tensors.js";
import type { OpAttribute, TensorflowBackend } from "./backend.js";
import { executing, imagining, Unimaginable, type Execution } from "./execution.js";
import { Unrecordable } from "./graph.js";
import { hasOperations } from "./start.js";
import { operating } from "./operations.js";
import { Recorder, type Feed } from "./recorder.js";

/** A pure function of named tensors: borrows its inputs, returns tensors. */
export type StepFunction = (inputs: NamedTensors) => NamedTensors;

export interface Recording {
  /** The graph, as the bytes of a SavedModel. */
  savedModel: Uint8Array;
  /** Node by input name. */
  inputs: Record<string, string>;
  feeds: Feed[];
  /** Node and shape by output name. */
  outputs: Record<string, { node: string; shape: number[] }>;
  /** Frees what `feeds` keep. */
  dispose(): void;
}

/**
 * Notes what `fn` does for inputs like `inputs`. Nothing is computed: the tensors that `fn` sees have shapes and types but
 * no values. Only if it uses an op whose outputs are not known without running it does it run, and its results are
 * thrown away, since a session may round differently and every run of a step must equal its repetition.
 * @returns why it cannot be recorded, if a session would not compute what `fn` does.
 * @throws whatever `fn` throws.
 */
export function record(backend: TensorflowBackend, fn: StepFunction, inputs: NamedTensors): Recording | Unrecordable {
  try {
    try {
      return recordWith(imagining(backend), backend, fn, inputs);
    } catch (error) {
      if (!(error instanceof Unimaginable)) throw error;
      return recordWith(executing(backend), backend, fn, inputs);
    }
  } catch (error) {
    if (error instanceof Unrecordable) return error;
    throw error;
  }
}

function recordWith(execution: Execution, backend: TensorflowBackend, fn: StepFunction, inputs: NamedTensors): Recording {
  const recorder = new Recorder(backend, execution.valuesOf);
  const identity = (tensor: tf.Tensor): [string, OpAttribute[]] =>
    ["Identity", [{ name: "T", type: backend.binding.TF_ATTR_TYPE, value: backend.getDTypeInteger(tensor.dtype) }]];
  // Numbers under a name of their own: the same tensor may be two inputs, or an input and closed over.
  const distinct = (tensor: tf.Tensor): tf.Tensor => only(execution.execute(...identity(tensor), [tensor], 1));
  // A node of its own: a session does not return what it is fed.
  const fetched = (tensor: tf.Tensor): { node: string; shape: number[] } => {
    const [op, attributes] = identity(tensor);
    return { node: recorder.graph.op(op, [recorder.source(tensor)], attributes), shape: tensor.shape };
  };
  try {
    const nodes = tf.tidy(() => {
      const fresh = mapValues(inputs, distinct);
      const placeholders = mapValues(fresh, (tensor) => recorder.input(tensor));
      const results = intercepted(backend, execution, recorder, () => operating(hasOperations() ? backend : null, () => fn(fresh)));
      recorder.checkVariables();
      return { inputs: placeholders, outputs: mapValues(results, fetched) };
    });
    return { ...nodes, savedModel: recorder.graph.savedModel(), feeds: recorder.feeds, dispose: () => recorder.dispose() };
  } catch (error) {
    recorder.dispose();
    freeTape();
    throw error;
  }
}

/** Frees what a gradient that threw on its way there had kept for the way back, which tf.tidy leaves alone. */
function freeTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) saved?.forEach((tensor) => tensor.dispose());
  state.activeTape = [];
}

const mapValues = <V, W>(record: Record<string, V>, change: (value: V) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

function only(tensors: tf.Tensor[]): tf.Tensor {
  const [tensor] = tensors;
  if (tensor === undefined) throw new Error("record: an op gave no output.");
  return tensor;
}

/** Runs `action` with the backend's ops noted, and with an error for what a graph could not repeat. */
function intercepted<T>(backend: TensorflowBackend, execution: Execution, recorder: Recorder, action: () => T): T {
  const { executeSingleOutput, executeMultipleOutputs, readSync, read } = backend;
  const { random } = Math;
  backend.executeMultipleOutputs = (op, attributes, from, count) => {
    const sources = from.map((tensor) => recorder.source(tensor));
    const outputs = execution.execute(op, attributes, from, count);
    recorder.note(op, attributes, from, sources, outputs);
    return outputs;
  };
  backend.executeSingleOutput = (op, attributes, from) => only(backend.executeMultipleOutputs(op, attributes, from, 1));
  backend.readSync = (dataId) => {
    recorder.checkRead(dataId);
    return execution.valuesOf(dataId);
  };
  backend.read = async (dataId) => backend.readSync(dataId);
  Math.random = () => { throw new Unrecordable("it draws random numbers on the host: seededUniform draws them in the graph"); };
  try {
    return action();
  } finally {
    Object.assign(backend, { executeSingleOutput, executeMultipleOutputs, readSync, read });
    Math.random = random;
  }
}
