/** One update: batches -> gradient of theta at theta0 + P z -> gradient of what is trained -> optimiser. */
import * as tf from "@tensorflow/tfjs-core";
import type { CompiledStep } from "../engine/index.js";
import { splitSeed } from "../support/random.js";
import { disposeAll, group, grouped, type NamedTensors } from "../support/tensors.js";
import { batchTensors, planEpoch, type BatchPlan } from "./batches.js";
import type { TrainState } from "./checkpoint.js";
import type { Optimizer } from "./optimizers.js";
import { scheduleFactor } from "./schedule.js";
import type { SubspaceSteps } from "./subspaceSteps.js";
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

/** A batch's tensors, and dropout's seed for it. Owned by the caller. */
function batchInputs(run: Run, plan: BatchPlan, seed: number): NamedTensors {
  const { model, train, classes, classWeights, batchSize, dropout } = run.options;
  const batch: NamedTensors = batchTensors(train, plan, { batchSize, classes, classWeights, padId: model.tokenizer.padId });
  return { ...grouped("batch", batch), ...(dropout ? { dropoutSeed: tf.tensor1d([seed | 0, 0], "int32") } : {}) };
}

/** Loss of one batch, and what the gradient step leaves of its gradients; both are owned by the caller. */
async function batchOutputs(run: Run, trainable: NamedTensors, plan: BatchPlan, seed: number): Promise<NamedTensors> {
  const { subspace, options: { steps, dropout, reparameterisation: { gradientNames: names } } } = run;
  const inputs = { ...batchInputs(run, plan, seed), ...(await subspace.inputs(trainable)) };
  try {
    return await steps.gradients({ dropout, through: subspace.through, names }).run({ ...subspace.constants, ...inputs });
  } finally {
    disposeAll(inputs); // before the gradients are mapped: both may be as large as the model
  }
}

/** Loss and gradient of what is trained on one batch; the gradient is owned by the caller. */
async function batchGradient(run: Run, trainable: NamedTensors, plan: BatchPlan, seed: number):
  Promise<{ loss: number; gradient: NamedTensors }> {
  const outputs = await batchOutputs(run, trainable, plan, seed);
  try {
    return { loss: outputs.loss.dataSync()[0], gradient: await run.subspace.gradients(trainable, group("gradient", outputs)) };
  } finally {
    disposeAll(outputs);
  }
}

/** The seed of dropout for batch `i` of update `step`. */
const dropoutSeed = (run: Run, step: number, i: number): number =>
  splitSeed(run.options.seeds.dropout, `dropout of update ${step}, batch ${i}`);

/** Mean loss and mean gradient over the batches of one update. */
async function meanGradient(run: Run, state: TrainState): Promise<{ loss: number; gradient: NamedTensors }> {
  const batches = batchesOf(run, state.step);
  let mean = await batchGradient(run, state.trainable, batches[0], dropoutSeed(run, state.step, 0));
  for (let i = 1; i < batches.length; i++) {
    const next = await batchGradient(run, state.trainable, batches[i], dropoutSeed(run, state.step, i));
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

/** What an update step takes. */
const updateInputs = ({ trainable, optimizer }: TrainState, gradient: NamedTensors, scalars: NamedTensors): NamedTensors =>
  ({ ...grouped("trainable", trainable), ...grouped("gradient", gradient), ...grouped("state", optimizer), ...grouped("scalars", scalars) });

/** Loss and next state: gradients first, then the update of what is trained. */
async function gradientThenUpdate(run: Run, state: TrainState, scalars: NamedTensors): Promise<Updated> {
  const { loss, gradient } = await meanGradient(run, state);
  try {
    const next = await run.update.run(updateInputs(state, gradient, scalars));
    return { loss, next };
  } finally {
    disposeAll(gradient);
  }
}

/** The same for one batch an update, with all that follows the gradient step as one more. */
async function gradientAndUpdate(run: Run, update: CompiledStep, state: TrainState, scalars: NamedTensors): Promise<Updated> {
  const [plan] = batchesOf(run, state.step);
  const outputs = await batchOutputs(run, state.trainable, plan, dropoutSeed(run, state.step, 0));
  try {
    const next = await update.run(updateInputs(state, group("gradient", outputs), scalars));
    return { loss: outputs.loss.dataSync()[0], next };
  } finally {
    disposeAll(outputs);
  }
}

/** The same for all parameters and one batch an update, as one step. */
async function wholeUpdate(run: Run, state: TrainState, scalars: NamedTensors): Promise<Updated> {
  const { optimizer, subspace, options: { steps, dropout, reparameterisation: { gradientNames: names } } } = run;
  const [plan] = batchesOf(run, state.step);
  const inputs = { ...batchInputs(run, plan, dropoutSeed(run, state.step, 0)), ...(await subspace.inputs(state.trainable)) };
  try {
    const { loss, ...next } = await steps.fullUpdate({ dropout, optimizer, names })
      .run({ ...inputs, ...grouped("state", state.optimizer), ...grouped("scalars", scalars) });
    const value = loss.dataSync()[0];
    loss.dispose();
    return { loss: value, next };
  } finally {
    disposeAll(inputs);
  }
}

/** What an update comes to: the loss before it, and trainable/* and state/* after it. */
interface Updated { loss: number; next: NamedTensors }

/** In as few steps as can be: one for all of theta, two through a subspace's inside. */
function updateOf(run: Run, state: TrainState, scalars: NamedTensors): Promise<Updated> {
  const { subspace: { update }, options: { accumulate, reparameterisation: { method } } } = run;
  if (accumulate > 1) return gradientThenUpdate(run, state, scalars);
  if (method === "full") return wholeUpdate(run, state, scalars);
  return update === undefined ? gradientThenUpdate(run, state, scalars) : gradientAndUpdate(run, update, state, scalars);
}

/** One update of `state`, in place; returns its loss. A loss that is not finite leaves the state as it was. */
export async function oneUpdate(run: Run, state: TrainState): Promise<number> {
  const { warmupShare, learningRate } = run.options;
  const factor = scheduleFactor(state.step, { steps: run.steps, warmupShare });
  const scalars = run.optimizer.scalars(state.step, learningRate * factor);
  try {
    const { loss, next } = await updateOf(run, state, scalars);
    if (!Number.isFinite(loss)) {
      disposeAll(next);
      return loss;
    }
    for (const old of [state.trainable, state.optimizer]) disposeAll(old);
    Object.assign(state, { trainable: group("trainable", next), optimizer: group("state", next), step: state.step + 1 });
    state.losses.push(loss);
    return loss;
  } finally {
    disposeAll(scalars);
  }
}
