/**
 * The training loop, the same for z and for all of theta: rebuild theta, backpropagate at theta, map theta's gradient onto
 * what is trained, update. No gradient goes through P, and theta is rebuilt from theta0 at every step, so nothing drifts.
 */
import type { Model } from "../models/types.js";
import type { MetricName } from "../records/metrics.js";
import type { Method, Reparameterisation } from "../reparameterisations/types.js";
import { requireInteger, requireNumber } from "../support/checks.js";
import { disposeAll, type NamedTensors } from "../support/tensors.js";
import type { EncodedSet } from "./batches.js";
import { startClock, type Clock } from "./clock.js";
import { evaluate, metricOf, type Evaluation } from "./evaluate.js";
import { makeOptimizer, type Optimizer, type OptimizerOptions } from "./optimizers.js";
import { updateStep, type TrainingSteps } from "./steps.js";
import { subspaceSteps } from "./subspaceSteps.js";
import type { Checkpoints, TrainState } from "./checkpoint.js";
import { oneUpdate, type Run } from "./update.js";

export interface TrainOptions {
  model: Model;
  /** Compiled gradients and forward pass of the model, shared by all trials of a process (makeSteps). */
  steps: TrainingSteps;
  reparameterisation: Reparameterisation;
  train: EncodedSet;
  dev: EncodedSet;
  /** Outputs of the model; 1 where labels are numbers. */
  classes: number;
  /** The task's metric; default accuracy, and Spearman's correlation where labels are numbers. */
  metric?: MetricName;
  /** Weight of each class in the loss; default all the same. */
  classWeights?: readonly number[];
  /** Peak learning rate; warm-up and linear decay are applied to it. */
  learningRate: number;
  optimizer?: OptimizerOptions;
  /** Default 3. */
  epochs?: number;
  /** Rows a batch; default 16. */
  batchSize?: number;
  /** Batches whose gradients are averaged for one update; default 1. */
  accumulate?: number;
  /** Share of the updates that warm up; default 0.06. */
  warmupShare?: number;
  /** Whether the model's dropout is on in training; default false. */
  dropout?: boolean;
  /** Seeds of the order of the rows and of dropout. */
  seeds: { batch: number; dropout: number };
  /** Where the state is kept; absent: nowhere. A state that is found there is taken up. */
  checkpoints?: Checkpoints;
  signal?: AbortSignal;
  onProgress?: (progress: TrainProgress) => void;
  /** Asked after every epoch but the last: false ends the run as an interruption does. Default: always on. */
  goOn?: (metrics: EpochMetrics) => Promise<boolean>;
  /** After each update and before its checkpoint, for whoever follows the trajectory; borrows the state. */
  onUpdate?: (state: Readonly<TrainState>, steps: number) => Promise<void>;
}

export interface TrainProgress {
  /** Updates done, and updates in all. */
  step: number;
  steps: number;
  /** Loss of the latest update, in nats. */
  loss: number;
  stepsPerSecond: number;
  /** Seconds to the end of training, evaluation excluded. */
  eta: number;
}

/** Metrics at the end of an epoch. */
export interface EpochMetrics {
  step: number;
  epoch: number;
  /** The task's metric. */
  metric: number;
  accuracy: number | null;
  f1: number | null;
  loss: number;
}

export interface TrainResult {
  outcome: "completed" | "diverged" | "interrupted";
  /** Dev metrics after each epoch; the last is the result. */
  evaluations: EpochMetrics[];
  /** Dev evaluation at the end, with logits; null unless completed. */
  final: Evaluation | null;
  /** Mean training loss of every update, in nats. */
  losses: number[];
  steps: number;
  /** What was trained, at the end. Owned by the caller. */
  trainable: NamedTensors;
  /** Seconds of computing, those before a resume included. */
  seconds: number;
}

/** Trains from theta0, or from the checkpoint where there is one. @throws {RangeError} for numbers out of range. */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const run = prepare(options);
  const { checkpoints, reparameterisation } = run.options;
  const state = (await checkpoints?.load()) ?? freshState(reparameterisation.init(), run.optimizer);
  const clock = startClock(state.seconds);
  try {
    const { outcome, final } = await loop(run, state, clock);
    state.seconds = clock.seconds();
    if (outcome === "interrupted") await checkpoints?.save(state);
    return { outcome, final, steps: run.steps, ...state };
  } catch (error) {
    disposeAll(state.trainable);
    throw error;
  } finally {
    disposeAll(state.optimizer);
    run.update.dispose();
    run.subspace.dispose();
  }
}

/** Methods that train many tensors, whose update is one recorded step; z and a head are few. */
const MANY_TENSORS: readonly Method[] = ["full", "lora", "ia3", "bitfit"];

function prepare(options: TrainOptions): Run {
  const full = { epochs: 3, batchSize: 16, accumulate: 1, warmupShare: 0.06, dropout: false, ...options };
  requireInteger("train", "epochs", full.epochs, 1);
  requireInteger("train", "batchSize", full.batchSize, 1);
  requireInteger("train", "accumulate", full.accumulate, 1);
  requireNumber("train", "learningRate", full.learningRate, 0);
  requireInteger("train", "number of training rows", full.train.labels.length, 1);
  const optimizer = makeOptimizer(full.optimizer);
  const updatesPerEpoch = Math.ceil(Math.ceil(full.train.labels.length / full.batchSize) / full.accumulate);
  const compile = MANY_TENSORS.includes(full.reparameterisation.method);
  return { options: full, optimizer, update: updateStep(optimizer, { compile }),
    subspace: subspaceSteps(full.reparameterisation, optimizer), updatesPerEpoch, steps: updatesPerEpoch * full.epochs,
    plans: { epoch: -1, batches: [] } };
}

const freshState = (trainable: NamedTensors, optimizer: Optimizer): TrainState =>
  ({ step: 0, trainable, optimizer: optimizer.init(trainable), losses: [], evaluations: [], seconds: 0 });

async function loop(run: Run, state: TrainState, clock: Clock): Promise<{ outcome: TrainResult["outcome"]; final: Evaluation | null }> {
  const { signal, checkpoints, onProgress, onUpdate } = run.options;
  let final: Evaluation | null = null;
  while (state.step < run.steps || state.evaluations.length < run.options.epochs) {
    if (signal?.aborted) return { outcome: "interrupted", final: null };
    if (state.step === (state.evaluations.length + 1) * run.updatesPerEpoch) {
      const result = await evaluateState(run, state);
      if (!result) return { outcome: "interrupted", final: null };
      final = result;
      if (await isEnded(run, state)) return { outcome: "interrupted", final: null };
    } else {
      const loss = await oneUpdate(run, state);
      if (!Number.isFinite(loss)) return { outcome: "diverged", final: null };
      onProgress?.({ step: state.step, steps: run.steps, loss, ...clock.tick(state.step, run.steps) });
      await onUpdate?.(state, run.steps);
    }
    state.seconds = clock.seconds();
    await checkpoints?.saveIfDue(state);
    await new Promise(setImmediate); // lets Ctrl-C and timers in
  }
  return { outcome: "completed", final: final ?? (await evaluateState(run, state, false)) };
}

/** Whether `goOn` ends the run after the epoch that was evaluated last. */
async function isEnded({ steps, options: { goOn } }: Run, { step, evaluations }: TrainState): Promise<boolean> {
  const latest = evaluations.at(-1);
  return goOn !== undefined && latest !== undefined && step < steps && !(await goOn(latest));
}

/** Evaluates at the current state and notes it; null when interrupted meanwhile. */
async function evaluateState(run: Run, state: TrainState, note = true): Promise<Evaluation | null> {
  const { model, steps, dev, classes, signal, metric = classes === 1 ? "spearman" : "accuracy" } = run.options;
  const parameters = await run.subspace.parameters(state.trainable);
  try {
    const result = await evaluate({ model, forward: steps.forward, parameters, set: dev, classes, signal });
    const { accuracy, f1, loss } = result;
    const epoch = state.step / run.updatesPerEpoch;
    if (note) state.evaluations.push({ step: state.step, epoch, metric: metricOf(result, metric), accuracy, f1, loss });
    return result;
  } catch (error) {
    if (signal?.aborted) return null;
    throw error;
  } finally {
    disposeAll(parameters);
  }
}
