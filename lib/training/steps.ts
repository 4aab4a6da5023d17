/**
 * The computations of training, compiled once per shape and shared by every trial of a process: what is inside a step depends on
 * the method and the model, not on d, the seed or the rate, because what does is mapped outside, at z's size.
 */
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, keepFreedMemory, type CompiledStep } from "../engine/index.js";
import type { Model } from "../models/types.js";
import type { TableRows } from "../projections/index.js";
import type { InStep } from "../reparameterisations/types.js";
import { group, grouped, shapesOf, totalSize, type NamedTensors } from "../support/tensors.js";
import type { Optimizer, UpdateScalars } from "./optimizers.js";

function logitsOf(model: Model, theta: NamedTensors, inputs: NamedTensors, dropout: boolean): tf.Tensor2D {
  const { inputIds, attentionMask, tokenTypeIds } = group("batch", inputs);
  const batch = { inputIds: inputIds as tf.Tensor2D, attentionMask: attentionMask as tf.Tensor2D, tokenTypeIds: tokenTypeIds as tf.Tensor2D };
  return model.architecture.logits(theta, model.config, batch, dropout ? { seed: inputs.dropoutSeed } : undefined);
}

/** The mean loss over a batch, []: cross-entropy, or with one output the squared error; see batchTensors for `targets`. */
function meanLoss(logits: tf.Tensor2D, targets: tf.Tensor): tf.Scalar {
  if (logits.shape[1] > 1) return tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits))));
  const [label, share] = tf.split(targets, 2, 1);
  return tf.sum(tf.mul(share, tf.square(tf.sub(logits, label))));
}

/** The mean loss at `theta` over the batch, and its gradients by name. */
function lossAndGradients(model: Model, theta: NamedTensors, inputs: NamedTensors, dropout: boolean): { loss: tf.Scalar; gradients: NamedTensors } {
  const names = Object.keys(theta);
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const logits = logitsOf(model, Object.fromEntries(names.map((name, i) => [name, values[i]])), inputs, dropout);
    return meanLoss(logits, inputs["batch/targets"]);
  };
  const { value, grads } = tf.valueAndGrads(loss)(Object.values(theta));
  return { loss: value, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])) };
}

/**
 * theta/*, batch/* (and dropoutSeed) -> loss [] and gradient/* of the mean loss over the batch.
 * @param options.names whose gradients are wanted; default all. What leads to the others alone is not computed where the step is recorded:
 * TensorFlow runs what is asked for, which is a third of it for a head.
 */
export function gradientStep(model: Model, { dropout, names }: { dropout: boolean; names?: readonly string[] }): CompiledStep {
  return compileStep((inputs) => {
    const { loss, gradients } = lossAndGradients(model, group("theta", inputs), inputs, dropout);
    return { loss, ...grouped("gradient", names === undefined ? gradients : picked(gradients, names)) };
  }, { name: dropout ? "gradients with dropout" : "gradients" });
}

const picked = (tensors: NamedTensors, names: readonly string[]): NamedTensors => Object.fromEntries(names.map((name) => [name, tensors[name]]));

/**
 * `through`'s constants and what it gives before a step, batch/* (and dropoutSeed) -> loss [] and gradient/*: what `through` folds.
 * Of the table of words only the batch's rows are made, and only their gradients folded: it is half of a small model.
 */
function subspaceGradientStep(model: Model, { dropout, through }: { dropout: boolean; through: InStep }): CompiledStep {
  const { wordTable } = model.architecture;
  return compileStep((inputs) => {
    const ids = inputs["batch/inputIds"];
    const table: TableRows = { name: wordTable, ids: tf.reshape(ids, [ids.size]) };
    const theta = through.parameters(inputs, table);
    const numbered = { ...inputs, "batch/inputIds": tf.reshape(tf.range(0, ids.size, 1, "int32"), ids.shape) };
    const { loss, gradients } = lossAndGradients(model, theta, numbered, dropout);
    return { loss, ...grouped("gradient", through.fold(inputs, gradients, table)) };
  }, { name: `gradients in the subspace${dropout ? " with dropout" : ""}` });
}

/** theta/*, batch/* -> logits [batch, classes]. */
export function forwardStep(model: Model): CompiledStep {
  return compileStep((inputs) => ({ logits: logitsOf(model, group("theta", inputs), inputs, false) }), { name: "forward" });
}

/** trainable/*, state/*, scalars/* -> trainable/*, state/*: one update of `optimizer` by `gradients`; default gradient/*. */
export function updated(optimizer: Optimizer, inputs: NamedTensors, gradients = group("gradient", inputs)): NamedTensors {
  const { rate, correction1, correction2 } = group("scalars", inputs);
  const scalars: UpdateScalars = { rate: rate as tf.Scalar, correction1: correction1 as tf.Scalar, correction2: correction2 as tf.Scalar };
  const next = optimizer.update(group("trainable", inputs), gradients, group("state", inputs), scalars);
  return { ...grouped("trainable", next.trainable), ...grouped("state", next.state) };
}

/**
 * `updated` as a step.
 * @param options.compile whether to record it: pays for many tensors; for z alone only together with what goes before (subspaceSteps).
 */
export function updateStep(optimizer: Optimizer, { compile }: { compile: boolean }): CompiledStep {
  if (compile) return compileStep((inputs) => updated(optimizer, inputs), { name: `${optimizer.options.name} update` });
  return { run: async (inputs) => tf.tidy(() => updated(optimizer, inputs)), dispose: () => undefined };
}

/**
 * theta/*, batch/*, state/*, scalars/* (and dropoutSeed) -> loss [], trainable/*, state/*: gradients and their update in one, so
 * that no gradient of theta's size leaves the step.
 * @param options.names what of theta is trained.
 */
function fullUpdateStep(model: Model, { dropout, optimizer, names }: { dropout: boolean; optimizer: Optimizer; names: readonly string[] }): CompiledStep {
  keepFreedMemory(4 * totalSize(shapesOf(model.parameters)));
  return compileStep((inputs) => {
    const theta = group("theta", inputs);
    const { loss, gradients } = lossAndGradients(model, theta, inputs, dropout);
    return { loss, ...updated(optimizer, { ...inputs, ...grouped("trainable", picked(theta, names)) }, picked(gradients, names)) };
  }, { name: `${optimizer.options.name} update of all parameters` });
}

/** The compiled computations of one model, shared by all its trials. Each is made when it is first asked for. */
export interface TrainingSteps {
  /** Gradients of `names` of theta (default all); through a reparameterisation's inside, of what that leaves. */
  gradients(options: { dropout: boolean; through?: InStep; names?: readonly string[] }): CompiledStep;
  /** Gradients of theta and their update. */
  fullUpdate(options: { dropout: boolean; optimizer: Optimizer; names: readonly string[] }): CompiledStep;
  forward: CompiledStep;
  dispose(): void;
}

/** The compiled steps of `model`. */
export function makeSteps(model: Model): TrainingSteps {
  const made = new Map<string, CompiledStep>();
  const once = (key: string, make: () => CompiledStep): CompiledStep => {
    const step = made.get(key) ?? make();
    made.set(key, step);
    return step;
  };
  return {
    forward: once("forward", () => forwardStep(model)),
    gradients: ({ dropout, through, names }) => once(`gradients ${dropout} ${through?.key ?? names?.join() ?? ""}`,
      () => (through ? subspaceGradientStep(model, { dropout, through }) : gradientStep(model, { dropout, names }))),
    fullUpdate: (options) => once(`update ${options.dropout} ${JSON.stringify(options.optimizer.options)} ${options.names.join()}`,
      () => fullUpdateStep(model, options)),
    dispose: () => made.forEach((step) => step.dispose()),
  };
}
