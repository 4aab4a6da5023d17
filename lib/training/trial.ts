/** One trial: a configuration in, its record out; kept in the store, taken up from there, resumed from its checkpoint. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { initialiseHead } from "../models/load.js";
import { readSafetensors, writeSafetensors } from "../models/safetensors.js";
import { makeReparameterisation, type Reparameterisation } from "../reparameterisations/index.js";
import { idOf, thinned, type EarlyStop, type FinalMetrics, type TrialConfiguration, type TrialRecord } from "../records/record.js";
import type { RunStore } from "../records/store.js";
import { UsageError } from "../support/checks.js";
import { disposeAll, type NamedTensors } from "../support/tensors.js";
import { outputsOf } from "../tasks/task.js";
import { deviceTensors, fileCheckpoints, hostTensors } from "./checkpoint.js";
import { evaluate, metricOf, type Evaluation } from "./evaluate.js";
import type { EncodedSet } from "./batches.js";
import type { Session } from "./session.js";
import { directionsOf } from "./directions.js";
import { train, type EpochMetrics, type TrainOptions, type TrainProgress, type TrainResult } from "./train.js";

/** Name of the checkpoint in a run's folder. */
const checkpointFile = "checkpoint.safetensors";
/** Name of what was trained (z, and lambdas; or all parameters) in a run's folder. */
export const trainedFile = "trained.safetensors";

export interface TrialOptions {
  /** Where records and checkpoints are kept. */
  store: RunStore;
  signal?: AbortSignal;
  onProgress?: (progress: TrainProgress) => void;
  /** Seconds and updates between checkpoints; defaults 60 and Infinity. */
  checkpointSeconds?: number;
  checkpointSteps?: number;
  /** Follows every update; see TrainOptions. */
  onUpdate?: TrainOptions["onUpdate"];
  /** Train even where the store has the record: for what following the updates leaves; default false. */
  again?: boolean;
  /** Keep what was trained beside the record; default for all but full fine-tuning, whose is as large as the model. */
  keep?: boolean;
  /** Early stopping: asked after every epoch but the last; what it answers ends the trial and is recorded. Default: never. */
  compete?: (metrics: EpochMetrics) => Promise<EarlyStop | null>;
}

/** theta0 of a trial: the pretrained parameters, and a head drawn by the trial's own seed. */
export function startOf(session: Session, headSeed: number): { parameters: NamedTensors; head: NamedTensors } {
  const head = initialiseHead(session.model, headSeed);
  return { parameters: { ...session.model.parameters, ...head }, head };
}

/** The reparameterisation that `configuration` describes, over theta0 = `parameters` (borrowed, as `directions` are). */
export function reparameterisationOf(session: Session, configuration: TrialConfiguration, parameters: NamedTensors,
  directions?: NamedTensors): Reparameterisation {
  const { method, d, projection, head, seeds, adapter } = configuration;
  const { architecture, config } = session.model;
  return makeReparameterisation({
    method, parameters, d: d ?? undefined, projection: projection ?? undefined, seed: seeds.projection,
    headNames: architecture.headNames(config), headPolicy: head, groupOf: architecture.layerOf, directions,
    rank: adapter?.rank ?? undefined, alpha: adapter?.alpha ?? undefined, targets: adapter?.targets,
  });
}

/**
 * Runs the trial, or returns its record where the store has it completed or diverged. An interrupted one leaves a checkpoint
 * and goes on from it at the next call.
 * @throws the training's errors; `signal` does not throw, it gives outcome "interrupted".
 */
export async function runTrial(session: Session, configuration: TrialConfiguration, options: TrialOptions): Promise<TrialRecord> {
  const id = idOf(configuration);
  const known = await options.store.findTrial(configuration);
  if (known && known.outcome !== "interrupted" && options.again !== true) return known;
  const startedAt = known?.startedAt ?? new Date().toISOString();
  const directions = await directionsOf(options.store, configuration.learned);
  const { parameters, head } = startOf(session, configuration.seeds.head);
  let reparameterisation: Reparameterisation | undefined;
  try {
    reparameterisation = reparameterisationOf(session, configuration, parameters, directions);
    const checkpoints = fileCheckpoints({ path: join(options.store.folderOf(id), checkpointFile), configuration: id,
      everySeconds: options.checkpointSeconds, everySteps: options.checkpointSteps });
    let earlyStop: EarlyStop | null = null;
    const goOn = async (metrics: EpochMetrics): Promise<boolean> => (earlyStop = await options.compete?.(metrics) ?? null) === null;
    const result = await trainAs(session, configuration, reparameterisation, { ...options, checkpoints, goOn });
    try {
      const trainAccuracy = result.final ? await trainingAccuracy(session, reparameterisation, result) : null;
      if (options.keep ?? configuration.kind !== "full") await keepTrained(join(options.store.folderOf(id), trainedFile), id, result);
      const record = recordOf(session, configuration, { result, trainAccuracy, startedAt, earlyStop });
      await options.store.write(record);
      if (record.outcome !== "interrupted") await checkpoints.remove();
      return record;
    } finally {
      disposeAll(result.trainable);
    }
  } finally {
    reparameterisation?.dispose();
    for (const owned of [head, directions ?? {}]) disposeAll(owned);
  }
}

function trainAs(session: Session, configuration: TrialConfiguration, reparameterisation: Reparameterisation,
  { checkpoints, signal, onProgress, onUpdate, goOn }: TrialOptions & Pick<TrainOptions, "goOn"> & { checkpoints: ReturnType<typeof fileCheckpoints> }):
  Promise<TrainResult> {
  const { learningRate, epochs, batchSize, accumulation, optimizer, dropout, seeds } = configuration;
  return train({
    ...session, reparameterisation, classes: outputsOf(session.data), metric: session.data.metric,
    classWeights: configuration.classWeights, learningRate, epochs, signal, onProgress, onUpdate, goOn, checkpoints, seeds,
    batchSize: batchSize / accumulation, accumulate: accumulation, dropout: dropout > 0, warmupShare: optimizer.warmup,
    optimizer: { name: optimizer.name, weightDecay: optimizer.weightDecay, clipNorm: optimizer.clipNorm ?? 0,
      lambdaRate: optimizer.lambdaRate ?? undefined },
  });
}

async function trainingAccuracy(session: Session, reparameterisation: Reparameterisation, { trainable }: TrainResult): Promise<number | null> {
  const { model, steps, train: set, data } = session;
  const parameters = reparameterisation.parameters(trainable);
  try {
    const rows = sampleOf(set, session.dev.labels.length);
    return (await evaluate({ model, forward: steps.forward, parameters, set: rows, classes: outputsOf(data) })).accuracy;
  } finally {
    disposeAll(parameters);
  }
}

/** As many training rows as there are dev rows, evenly spaced: the gap needs no more, and the evaluation costs time. */
function sampleOf(set: EncodedSet, rows: number): EncodedSet {
  const stride = Math.max(1, set.labels.length / rows);
  const chosen = Array.from({ length: Math.min(rows, set.labels.length) }, (_unused, i) => Math.floor(i * stride));
  return { encodings: chosen.map((row) => set.encodings[row]), labels: chosen.map((row) => set.labels[row]) };
}

async function keepTrained(path: string, id: string, { trainable, outcome }: TrainResult): Promise<void> {
  if (outcome === "completed") await writeSafetensors(path, hostTensors(trainable), { run: id });
}

/**
 * Evaluates what a run kept at `path` on the session's dev rows.
 * @throws {UsageError} if it kept nothing.
 */
export async function evaluateTrained(session: Session, configuration: TrialConfiguration, { path, store, signal }:
  { path: string; store: RunStore; signal?: AbortSignal }): Promise<Evaluation> {
  if (!existsSync(path)) {
    throw new UsageError(`evaluate: ${path} is not there: the run did not finish, or is full fine-tuning that was run without --keep.`);
  }
  const trainable = deviceTensors((await readSafetensors(path)).tensors);
  const directions = await directionsOf(store, configuration.learned);
  const { parameters, head } = startOf(session, configuration.seeds.head);
  const reparameterisation = reparameterisationOf(session, configuration, parameters, directions);
  const theta = reparameterisation.parameters(trainable);
  try {
    const { model, steps, dev, data } = session;
    return await evaluate({ model, forward: steps.forward, parameters: theta, set: dev, classes: outputsOf(data), signal });
  } finally {
    reparameterisation.dispose();
    for (const owned of [theta, trainable, head, directions ?? {}]) disposeAll(owned);
  }
}

/** What the record says of the end: accuracy and F1 where there are classes, and the correlations that the task is measured by. */
function finalOf(final: Evaluation, { task: { metric } }: TrialConfiguration, trainAccuracy: number | null): FinalMetrics {
  const { accuracy, f1, matthews, pearson, spearman, loss } = final;
  const correlations = pearson !== null && spearman !== null ? { pearson, spearman }
    : metric === "matthews" && matthews !== null ? { matthews } : {};
  return { metric: metricOf(final, metric), accuracy, f1, ...correlations, loss: finiteOrNull(loss), trainAccuracy };
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function recordOf(session: Session, configuration: TrialConfiguration, { result, trainAccuracy, startedAt, earlyStop }:
  { result: TrainResult; trainAccuracy: number | null; startedAt: string; earlyStop: EarlyStop | null }): TrialRecord {
  const { outcome, final, evaluations, losses, seconds } = result;
  return {
    record: "trial", version: 1, id: idOf(configuration), configuration, environment: session.records.environment, outcome,
    final: outcome === "completed" && final ? finalOf(final, configuration, trainAccuracy) : null,
    evaluations: evaluations.map(({ step, epoch, metric, loss }) => ({ step, epoch, metric, loss: finiteOrNull(loss) })),
    losses: thinned(losses.map((loss, step) => ({ step: step + 1, loss: finiteOrNull(loss) }))),
    steps: losses.length, seconds, startedAt, checkpoint: outcome === "interrupted" ? checkpointFile : null, ...(earlyStop === null ? {} : { earlyStop }),
  };
}
