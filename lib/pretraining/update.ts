/** One update of a pre-training, and validation. */
import * as tf from "@tensorflow/tfjs-core";
import { splitSeed } from "../support/random.js";
import { disposeAll, group, grouped, type NamedTensors } from "../support/tensors.js";
import { scheduleFactor } from "../training/schedule.js";
import type { MaskedBatch } from "./mask.js";
import type { MaskedLmOptimizer } from "./optimizer.js";
import type { PretrainSettings } from "./settings.js";
import type { PretrainState } from "./state.js";
import type { MaskedLmSteps } from "./steps.js";

/** What does not change from update to update. */
export interface PretrainRun {
  settings: PretrainSettings;
  steps: MaskedLmSteps;
  optimizer: MaskedLmOptimizer;
  /** Batch number i of the training rows, of batchSize / accumulation rows. */
  batch(index: number): MaskedBatch;
  /** The batches of a validation pass. */
  validation(): Iterable<MaskedBatch>;
}

/** One update of `state`, in place. @returns its mean loss; one that is not finite leaves the state as it was. */
export async function oneUpdate(run: PretrainRun, state: PretrainState): Promise<number> {
  const { settings, optimizer } = run;
  const rate = settings.learningRate * scheduleFactor(state.update, { steps: settings.updates, warmupShare: settings.warmup });
  const scalars = optimizer.scalars(state.update, rate);
  const batches = Array.from({ length: settings.accumulation }, (_unused, i) => run.batch(state.update * settings.accumulation + i));
  try {
    const { loss, next } = await (batches.length === 1 ? inOneStep : inParts)(run, state, scalars, batches);
    if (!Number.isFinite(loss)) {
      disposeAll(next);
      return loss;
    }
    for (const old of [state.theta, state.optimizer]) disposeAll(old);
    Object.assign(state, { theta: group("theta", next), optimizer: group("state", next), update: state.update + 1 });
    return loss;
  } finally {
    for (const used of [scalars, ...batches.map(({ tensors }) => tensors)]) disposeAll(used);
  }
}

interface Updated {
  loss: number;
  /** theta/* and state/*. */
  next: NamedTensors;
}

async function inOneStep(run: PretrainRun, state: PretrainState, scalars: NamedTensors, [batch]: MaskedBatch[]): Promise<Updated> {
  const own = ownInputs(run, state, 0, 1);
  try {
    const { loss, ...next } = await run.steps.whole.run({
      ...grouped("theta", state.theta), ...grouped("state", state.optimizer), ...grouped("scalars", scalars), ...grouped("batch", batch!.tensors), ...own,
    });
    return { loss: read(loss!), next };
  } finally {
    disposeAll(own);
  }
}

/** The parts' gradients, each by its share of the tokens asked for, add up to that of the whole batch. */
async function inParts(run: PretrainRun, state: PretrainState, scalars: NamedTensors, batches: MaskedBatch[]): Promise<Updated> {
  const asked = batches.reduce((sum, batch) => sum + batch.asked, 0);
  let sum: NamedTensors = {}, total = 0;
  try {
    for (const [i, batch] of batches.entries()) {
      const own = ownInputs(run, state, i, batch.asked / asked);
      const { loss, ...added } = await run.steps.part.run({ ...grouped("theta", state.theta), ...sum, ...grouped("batch", batch.tensors), ...own });
      for (const old of [own, sum]) disposeAll(old);
      sum = added;
      total += read(loss!);
    }
    const next = await run.steps.finish.run({ ...grouped("theta", state.theta), ...grouped("state", state.optimizer), ...grouped("scalars", scalars), ...sum });
    return { loss: total, next };
  } finally {
    disposeAll(sum);
  }
}

/** The part's shares of the update's tokens and of its pairs, and where there is dropout its seed. */
function ownInputs({ settings: { accumulation, dropout, nextSentence, seed } }: PretrainRun, { update }: PretrainState, part: number, share: number): NamedTensors {
  return {
    share: tf.scalar(share), ...(nextSentence ? { pairShare: tf.scalar(1 / accumulation) } : {}),
    ...(dropout > 0 ? { dropoutSeed: tf.tensor1d([splitSeed(seed, `dropout of update ${update}, part ${part}`) | 0, 0], "int32") } : {}),
  };
}

/** A scalar's value; the tensor is freed. */
function read(scalar: tf.Tensor): number {
  const [value = NaN] = scalar.dataSync();
  scalar.dispose();
  return value;
}

/** What a validation pass measures. */
export interface Validation {
  /** Mean loss at the masked positions, in nats. */
  loss: number;
  /** Of the next-sentence task: mean loss in nats, and the share of pairs that are told right. */
  nextSentence?: { loss: number; accuracy: number };
}

/** Measures the validation rows. @throws the signal's reason when aborted between batches. */
export async function validate({ steps, validation }: PretrainRun, theta: NamedTensors, signal?: AbortSignal): Promise<Validation> {
  const sum = { loss: 0, asked: 0, nextSentence: 0, right: 0, pairs: 0 };
  for (const { tensors, asked, pairs } of validation()) {
    try {
      signal?.throwIfAborted();
      const { loss, nextSentence, right } = await steps.loss.run({ ...grouped("theta", theta), ...grouped("batch", tensors) });
      sum.loss += read(loss!) * asked;
      sum.asked += asked;
      if (nextSentence !== undefined) sum.nextSentence += read(nextSentence) * pairs;
      if (right !== undefined) sum.right += read(right);
      sum.pairs += pairs;
    } finally {
      disposeAll(tensors);
    }
  }
  const loss = sum.loss / sum.asked;
  return sum.pairs === 0 ? { loss } : { loss, nextSentence: { loss: sum.nextSentence / sum.pairs, accuracy: sum.right / sum.pairs } };
}
