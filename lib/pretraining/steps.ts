/**
 * The computations of pre-training as recorded steps. An update of one batch is one step, gradients and optimiser together, so
 * that no gradient leaves TensorFlow; with accumulation the gradients of the parts are added first.
 */
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, keepFreedMemory, type CompiledStep } from "../engine/index.js";
import { maskedLmLogits } from "../models/masked-lm.js";
import { softmaxCrossEntropy } from "../models/ops.js";
import type { Dropout, ModelConfig, TokenBatch } from "../models/types.js";
import { group, grouped, type NamedTensors } from "../support/tensors.js";
import type { UpdateScalars } from "../training/optimizers.js";
import type { MaskedLmOptimizer } from "./optimizer.js";

/** Mean loss at the positions asked for, in nats, of named parameters on batch/*. */
function lossOf(parameters: NamedTensors, config: ModelConfig, inputs: NamedTensors, dropout?: Dropout): tf.Scalar {
  const { positions, labels, ...tokens } = group("batch", inputs);
  const batch = tokens as NamedTensors & TokenBatch;
  const logits = maskedLmLogits({ parameters, config, batch, positions: positions as tf.Tensor1D, dropout });
  return softmaxCrossEntropy(logits, labels!) as tf.Scalar;
}

/** Loss and gradients by name; gradients are times `share`, this batch's part of the tokens asked for in the update. */
function lossAndGradients(config: ModelConfig, inputs: NamedTensors, dropout: boolean): { loss: tf.Tensor; gradients: NamedTensors } {
  const theta = group("theta", inputs), names = Object.keys(theta);
  const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const parameters = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    return tf.mul(lossOf(parameters, config, inputs, dropout ? { seed: inputs["dropoutSeed"]! } : undefined), inputs["share"]!) as tf.Scalar;
  })(Object.values(theta));
  return { loss: value, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])) };
}

function updated(optimizer: MaskedLmOptimizer, inputs: NamedTensors, gradients: NamedTensors): NamedTensors {
  const next = optimizer.update(group("theta", inputs), gradients, group("state", inputs), group("scalars", inputs) as NamedTensors & UpdateScalars);
  return { ...grouped("theta", next.trainable), ...grouped("state", next.state) };
}

export interface MaskedLmSteps {
  /** theta/*, state/*, scalars/*, batch/*, share, dropoutSeed -> loss, theta/*, state/*. */
  whole: CompiledStep;
  /** theta/*, batch/*, share, dropoutSeed, sum/* (or none) -> loss, sum/*. */
  part: CompiledStep;
  /** theta/*, state/*, scalars/*, sum/* -> theta/*, state/*. */
  finish: CompiledStep;
  /** theta/*, batch/* -> loss: mean over the positions asked for, without dropout. */
  loss: CompiledStep;
  dispose(): void;
}

/** The steps of one model. @param options.dropout whether the configuration's dropout is on. */
export function maskedLmSteps(config: ModelConfig, optimizer: MaskedLmOptimizer, { dropout }: { dropout: boolean }): MaskedLmSteps {
  keepFreedMemory();
  const whole = compileStep((inputs) => {
    const { loss, gradients } = lossAndGradients(config, inputs, dropout);
    return { loss, ...updated(optimizer, inputs, gradients) };
  }, { name: "masked-LM update" });
  const part = compileStep((inputs) => {
    const { loss, gradients } = lossAndGradients(config, inputs, dropout), sum = group("sum", inputs);
    const added = Object.entries(gradients).map(([name, gradient]) => [name, sum[name] === undefined ? gradient : tf.add(sum[name], gradient)]);
    return { loss, ...grouped("sum", Object.fromEntries(added) as NamedTensors) };
  }, { name: "masked-LM gradients" });
  const finish = compileStep((inputs) => updated(optimizer, inputs, group("sum", inputs)), { name: "masked-LM optimiser" });
  const loss = compileStep((inputs) => ({ loss: lossOf(group("theta", inputs), config, inputs) }), { name: "masked-LM loss" });
  return { whole, part, finish, loss, dispose: () => [whole, part, finish, loss].forEach((step) => step.dispose()) };
}
