/** One update: batches -> gradient of theta at theta0 + P z -> gradient of what is trained -> optimiser. */
import * as tf from "@tensorflow/tfjs-core";
import type { CompiledStep } from "../engine/index.js";
import { splitSeed } from "../support/random.js";
import { disposeAll, type NamedTensors } from "../support/tensors.js";
import { batchTensors, planEpoch, type BatchPlan } from "./batches.js";
import type { TrainState } from "./checkpoint.js";
import type { Optimizer } from "./optimizers.js";
import { scheduleFactor } from "./schedule.js";
import { group, grouped, type SubspaceSteps } from "./steps.js";
import type { TrainOptions } from "./train.js";

/** A training run's options with their defaults, and what was derived from them. */
export interface Run {
  options: Required<Pick<TrainOptions, "epochs" | "batchSize" | "accumulate" | "warmupShare" | "dropout">> & TrainOptions;
  optimizer: Optimizer;
  update: CompiledStep;
  subspace: SubspaceSteps;
  updatesPerEpoch: number;
  /** Updates in the whole run. */
  steps: number;
  /** The batches of the epoch at hand. */
  plans: { epoch: number; batches: BatchPlan[] };
}

/** Batches of update `step`: `accumulate` of its epoch's, fewer at the end of the epoch. */
function batchesOf(run: Run, step: number): BatchPlan[] {
  const { batchSize, accumulate, seeds, train } = run.options;
  const epoch = Math.floor(step / run.updatesPerEpoch);
  if (run.plans.epoch !== epoch) run.plans = { epoch, batches: planEpoch(train, { batchSize, seed: seeds.batch, epoch }) };
  const first = (step % run.updatesPerEpoch) * accumulate;
  return run.plans.batches.slice(first, first + accumulate);
}

/** Loss and gradient of what is trained on one batch; the gradient is owned by the caller. */
async function batchGradient(run: Run, trainable: NamedTensors, plan: BatchPlan, seed: number):
  Promise<{ loss: number; gradient: NamedTensors }> {
  const { model, steps, train, classes, classWeights, batchSize, dropout } = run.options;
  const batch: NamedTensors = batchTensors(train, plan, { batchSize, classes, classWeights, padId: model.tokenizer.padId });
  const random: NamedTensors = dropout ? { dropoutSeed: tf.tensor1d([seed | 0, 0], "int32") } : {};
  const theta = await run.subspace.parameters(trainable);
  let outputs: NamedTensors = {};
  try {
    outputs = await steps.gradients(dropout).run({ ...grouped("theta", theta), ...grouped("batch", batch), ...random });
  } finally {
    // theta before its gradients are mapped: both are as large as the model.
    for (const borrowed of [batch, random, theta]) disposeAll(borrowed);
  }
  try {
    return { loss: outputs.loss.dataSync()[0], gradient: await run.subspace.gradients(trainable, group("gradient", outputs)) };
  } finally {
    disposeAll(outputs);
  }
}

/** Mean loss and mean gradient over the batches of one update. */
async function meanGradient(run: Run, state: TrainState): Promise<{ loss: number; gradient: NamedTensors }> {
  const batches = batchesOf(run, state.step);
  const seedOf = (i: number) => splitSeed(run.options.seeds.dropout, `dropout of update ${state.step}, batch ${i}`);
  let mean = await batchGradient(run, state.trainable, batches[0], seedOf(0));
  for (let i = 1; i < batches.length; i++) {
    const next = await batchGradient(run, state.trainable, batches[i], seedOf(i));
    const old = mean;
    mean = { loss: old.loss + (next.loss - old.loss) / (i + 1), gradient: runningMean(old.gradient, next.gradient, i + 1) };
    disposeAll(old.gradient);
    disposeAll(next.gradient);
  }
  return mean;
}

const runningMean = (mean: NamedTensors, next: NamedTensors, count: number): NamedTensors =>
  Object.fromEntries(Object.keys(mean).map((name) =>
    [name, tf.tidy(() => tf.add(mean[name], tf.div(tf.sub(next[name], mean[name]), count)))]));

/** One update of `state`, in place; returns its loss. A loss that is not finite leaves the state as it was. */
export async function oneUpdate(run: Run, state: TrainState): Promise<number> {
  const { loss, gradient } = await meanGradient(run, state);
  const factor = scheduleFactor(state.step, { steps: run.steps, warmupShare: run.options.warmupShare });
  const scalars = run.optimizer.scalars(state.step, run.options.learningRate * factor);
  try {
    if (!Number.isFinite(loss)) return loss;
    const next = await run.update.run({ ...grouped("trainable", state.trainable), ...grouped("gradient", gradient),
      ...grouped("state", state.optimizer), ...grouped("scalars", scalars) });
    for (const old of [state.trainable, state.optimizer]) disposeAll(old);
    Object.assign(state, { trainable: group("trainable", next), optimizer: group("state", next), step: state.step + 1 });
    state.losses.push(loss);
    return loss;
  } finally {
    for (const used of [gradient, scalars]) disposeAll(used);
  }
}
