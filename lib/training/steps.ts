/**
 * The computations of training, compiled once per shape and shared by every trial of a process: the model's gradients do not
 * depend on what is trained (all of theta, or z through P), because theta's gradient is mapped onto it outside.
 */
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, type CompiledStep } from "../engine/index.js";
import type { Model } from "../models/types.js";
import type { Reparameterisation } from "../reparameterisations/types.js";
import type { NamedTensors } from "../support/tensors.js";
import type { Optimizer, UpdateScalars } from "./optimizers.js";

/** Inputs of one compiled call travel in one flat table: "<group>/<name>". */
export const grouped = (group: string, tensors: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${group}/${name}`, tensor]));

/** The tensors of one group, by their own names again. */
export const group = (name: string, tensors: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).filter(([key]) => key.startsWith(`${name}/`))
    .map(([key, tensor]) => [key.slice(name.length + 1), tensor]));

function logitsOf(model: Model, inputs: NamedTensors, dropout: boolean): tf.Tensor2D {
  const { inputIds, attentionMask, tokenTypeIds } = group("batch", inputs);
  const batch = { inputIds: inputIds as tf.Tensor2D, attentionMask: attentionMask as tf.Tensor2D, tokenTypeIds: tokenTypeIds as tf.Tensor2D };
  return model.architecture.logits(group("theta", inputs), model.config, batch, dropout ? { seed: inputs.dropoutSeed } : undefined);
}

/** The mean loss over a batch, []: cross-entropy, or with one output the squared error; see batchTensors for `targets`. */
function meanLoss(logits: tf.Tensor2D, targets: tf.Tensor): tf.Scalar {
  if (logits.shape[1] > 1) return tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits))));
  const [label, share] = tf.split(targets, 2, 1);
  return tf.sum(tf.mul(share, tf.square(tf.sub(logits, label))));
}

/** theta/*, batch/* (and dropoutSeed) -> loss [] and gradient/* of the mean loss over the batch. */
export function gradientStep(model: Model, { dropout }: { dropout: boolean }): CompiledStep {
  return compileStep((inputs) => {
    const theta = group("theta", inputs);
    const names = Object.keys(theta);
    const loss = (...values: tf.Tensor[]): tf.Scalar => {
      const named = Object.fromEntries(names.map((name, i) => [`theta/${name}`, values[i]]));
      return meanLoss(logitsOf(model, { ...inputs, ...named }, dropout), inputs["batch/targets"]);
    };
    const { value, grads } = tf.valueAndGrads(loss)(Object.values(theta));
    return { loss: value, ...grouped("gradient", Object.fromEntries(names.map((name, i) => [name, grads[i]]))) };
  }, { name: dropout ? "gradients with dropout" : "gradients" });
}

/** theta/*, batch/* -> logits [batch, classes]. */
export function forwardStep(model: Model): CompiledStep {
  return compileStep((inputs) => ({ logits: logitsOf(model, inputs, false) }), { name: "forward" });
}

/**
 * trainable/*, gradient/*, state/*, scalars/* -> trainable/*, state/*: one update of `optimizer`.
 * @param options.compile whether to record it: pays for all of theta, not for the d numbers of z.
 */
export function updateStep(optimizer: Optimizer, { compile }: { compile: boolean }): CompiledStep {
  const update = (inputs: NamedTensors): NamedTensors => {
    const { rate, correction1, correction2 } = group("scalars", inputs);
    const scalars: UpdateScalars = { rate: rate as tf.Scalar, correction1: correction1 as tf.Scalar, correction2: correction2 as tf.Scalar };
    const next = optimizer.update(group("trainable", inputs), group("gradient", inputs), group("state", inputs), scalars);
    return { ...grouped("trainable", next.trainable), ...grouped("state", next.state) };
  };
  if (compile) return compileStep(update, { name: `${optimizer.options.name} update` });
  return { run: async (inputs) => tf.tidy(() => update(inputs)), dispose: () => undefined };
}

/** theta from what is trained, and the gradient of what is trained from theta's: owned by the caller. */
export interface SubspaceSteps {
  parameters(trainable: NamedTensors): Promise<NamedTensors>;
  gradients(trainable: NamedTensors, gradients: NamedTensors): Promise<NamedTensors>;
  dispose(): void;
}

/** The two maps of `reparameterisation`, compiled where they are tensor operations of theta's size. */
export function subspaceSteps(reparameterisation: Reparameterisation): SubspaceSteps {
  const { method, inGraph } = reparameterisation;
  if (method === "full" || !inGraph) {
    return {
      parameters: async (trainable) => reparameterisation.parameters(trainable),
      gradients: async (trainable, gradients) => reparameterisation.gradients(trainable, gradients),
      dispose: () => undefined,
    };
  }
  const parameters = compileStep((trainable) => reparameterisation.parameters(trainable), { name: `${method} parameters` });
  const gradients = compileStep((inputs) => reparameterisation.gradients(group("trainable", inputs), group("gradient", inputs)),
    { name: `${method} gradients` });
  return {
    parameters: (trainable) => parameters.run(trainable),
    gradients: (trainable, values) => gradients.run({ ...grouped("trainable", trainable), ...grouped("gradient", values) }),
    dispose: () => [parameters, gradients].forEach((step) => step.dispose()),
  };
}

/** The compiled computations of one model, shared by all its trials. */
export interface TrainingSteps {
  gradients(dropout: boolean): CompiledStep;
  forward: CompiledStep;
  dispose(): void;
}

/** Compiled gradients (with and without dropout, made when first asked for) and forward pass of `model`. */
export function makeSteps(model: Model): TrainingSteps {
  const made = new Map<boolean, CompiledStep>();
  const forward = forwardStep(model);
  return {
    forward,
    gradients: (dropout) => {
      const step = made.get(dropout) ?? gradientStep(model, { dropout });
      made.set(dropout, step);
      return step;
    },
    dispose: () => [forward, ...made.values()].forEach((step) => step.dispose()),
  };
}
