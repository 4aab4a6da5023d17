/**
 * The computations of pre-training as recorded steps. An update of one batch is one step, gradients and optimiser together, so
 * that no gradient leaves TensorFlow; with accumulation the gradients of the parts are added first.
 */
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, keepFreedMemory, type CompiledStep } from "../engine/index.js";
import { maskedLmLogits, maskedLmShapes, pretrainingLogits } from "../models/masked-lm.js";
import { softmaxCrossEntropy } from "../models/ops.js";
import type { Dropout, ModelConfig, TokenBatch } from "../models/types.js";
import { group, grouped, totalSize, type NamedTensors } from "../support/tensors.js";
import type { UpdateScalars } from "../training/optimizers.js";
import type { MaskedLmOptimizer } from "./optimizer.js";

/** Mean losses in nats of named parameters on batch/*: at the positions asked for, and where the batch has pairs, of the next sentence. */
interface Losses {
  masked: tf.Scalar;
  /** null where the rows are no pairs; and how many of them are told right, when asked. */
  nextSentence: { loss: tf.Scalar; right(): tf.Tensor } | null;
}

function lossesOf(parameters: NamedTensors, config: ModelConfig, inputs: NamedTensors, dropout?: Dropout): Losses {
  const { positions, labels, nextSentence, ...tokens } = group("batch", inputs);
  const of = { parameters, config, batch: tokens as NamedTensors & TokenBatch, positions: positions as tf.Tensor1D, ...(dropout === undefined ? {} : { dropout }) };
  if (nextSentence === undefined) return { masked: softmaxCrossEntropy(maskedLmLogits(of), labels!) as tf.Scalar, nextSentence: null };
  const logits = pretrainingLogits(of);
  const right = (): tf.Tensor => tf.sum(tf.cast(tf.equal(tf.argMax(logits.nextSentence, 1), nextSentence), "int32"));
  return {
    masked: softmaxCrossEntropy(logits.masked, labels!) as tf.Scalar,
    nextSentence: { loss: softmaxCrossEntropy(logits.nextSentence, nextSentence) as tf.Scalar, right },
  };
}

/**
 * Loss and gradients by name. Both are times `share`, this batch's part of the tokens asked for in the update; with pairs the next
 * sentence's loss is added (as in Transformers' BertForPreTraining), times `pairShare`, this batch's part of the rows.
 */
function lossAndGradients(config: ModelConfig, inputs: NamedTensors, dropout: boolean): { loss: tf.Tensor; gradients: NamedTensors } {
  const theta = group("theta", inputs), names = Object.keys(theta);
  const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const parameters = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    const { masked, nextSentence } = lossesOf(parameters, config, inputs, dropout ? { seed: inputs["dropoutSeed"]! } : undefined);
    const loss = tf.mul(masked, inputs["share"]!);
    return (nextSentence === null ? loss : tf.add(loss, tf.mul(nextSentence.loss, inputs["pairShare"]!))) as tf.Scalar;
  })(Object.values(theta));
  return { loss: value, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])) };
}

function updated(optimizer: MaskedLmOptimizer, inputs: NamedTensors, gradients: NamedTensors): NamedTensors {
  const next = optimizer.update(group("theta", inputs), gradients, group("state", inputs), group("scalars", inputs) as NamedTensors & UpdateScalars);
  return { ...grouped("theta", next.trainable), ...grouped("state", next.state) };
}

export interface MaskedLmSteps {
  /** theta/*, state/*, scalars/*, batch/*, share, pairShare, dropoutSeed -> loss, theta/*, state/*. */
  whole: CompiledStep;
  /** theta/*, batch/*, share, pairShare, dropoutSeed, sum/* (or none) -> loss, sum/*. */
  part: CompiledStep;
  /** theta/*, state/*, scalars/*, sum/* -> theta/*, state/*. */
  finish: CompiledStep;
  /** theta/*, batch/* -> loss: mean over the positions asked for, without dropout; of pairs nextSentence, their mean loss, and right, how many are told. */
  loss: CompiledStep;
  dispose(): void;
}

/** The steps of one model. @param options.dropout whether the configuration's dropout is on. */
export function maskedLmSteps(config: ModelConfig, optimizer: MaskedLmOptimizer, { dropout }: { dropout: boolean }): MaskedLmSteps {
  keepFreedMemory(4 * totalSize(maskedLmShapes(config)));
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
  const loss = compileStep((inputs) => {
    const { masked, nextSentence } = lossesOf(group("theta", inputs), config, inputs);
    return { loss: masked, ...(nextSentence === null ? {} : { nextSentence: nextSentence.loss, right: nextSentence.right() }) };
  }, { name: "masked-LM loss" });
  return { whole, part, finish, loss, dispose: () => [whole, part, finish, loss].forEach((step) => step.dispose()) };
}
