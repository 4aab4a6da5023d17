/** One training, and the evaluation of one that was trained: what `d90 train` and `d90 evaluate` call. */
import { join } from "node:path";
import { openStore, type RunStore } from "../records/store.js";
import { hasRank, isDimensioned, type Method, type SearchConfiguration, type TrialConfiguration, type TrialRecord } from "../records/record.js";
import { requireInteger, UsageError } from "../support/checks.js";
import { cellSignal } from "../support/notebook.js";
import type { LoadTaskOptions } from "../tasks/index.js";
import type { Evaluation } from "../training/evaluate.js";
import { openSession, type Session } from "../training/session.js";
import type { TrainProgress } from "../training/train.js";
import { evaluateTrained, runTrial, trainedFile } from "../training/trial.js";
import { spaceOf, trialConfiguration, type TrialPlan } from "./configurations.js";
import { learnedBasis, type LearnedBasis } from "./learned.js";
import { startRate } from "./methodRates.js";
import type { Settings } from "./settings.js";
import { within, type RunOptions } from "./within.js";

export interface TrainOnceOptions extends RunOptions {
  /** Default "did". */
  method?: Method;
  /** Intrinsic dimension, SAID's lambdas included; needed for did, said, uni-lora and learned. */
  d?: number;
  /** Peak rate; default the preset's for full fine-tuning, scaled to the method and d by the rules of lib/search/methodRates.ts. */
  learningRate?: number;
  /** Default: the preset's first seed. */
  seed?: number;
  /** Keep what was trained for `evaluateRun`; default only in a subspace (full fine-tuning's is as large as the model). */
  keep?: boolean;
  onNote?: (text: string) => void;
  onProgress?: (progress: TrainProgress) => void;
}

/**
 * Trains once and returns the record, taking up what `out` has of the same configuration: a finished run, or a checkpoint. For a
 * learned subspace the directions are learned first, if `out` has none of the same settings; stopped during that, it returns the
 * interrupted record of that full fine-tuning, which the same call goes on with.
 * @throws {UsageError} when d is missing, or given to a method without one; {RangeError} when it makes no sense.
 */
export function trainOnce(options: TrainOnceOptions, given?: Session): Promise<TrialRecord> {
  return within(options, given, async (session, settings, preset) => {
    session.data.notes.forEach((text) => options.onNote?.(text));
    const { signal = cellSignal(), onProgress, onNote, keep, out } = options;
    const store = openStore(out);
    const basis = options.method === "learned" ? await learnedBasis({ session, settings, preset, store, signal, onProgress, onNote }) : null;
    const configuration = trialConfiguration(session, settings, planOf(session, settings, { ...options, basis }), preset);
    if (basis?.stopped) return basis.stopped;
    return runTrial(session, configuration, { store, signal, onProgress, keep });
  });
}

function planOf(session: Session, settings: Settings, options: TrainOnceOptions & { basis: LearnedBasis | null }): TrialPlan {
  const { method = "did", seed = settings.seeds[0], basis } = options;
  const d = dimensionOf(session, settings, { method, d: options.d, basis });
  const learningRate = options.learningRate ?? startRate(session, settings, { method, d, directions: basis?.info });
  return { method, d, seed, learningRate, ...(basis === null ? {} : { learned: basis.learned }) };
}

/** d, checked against the space of the method; null for methods without one. */
function dimensionOf(session: Session, settings: Settings, { method, d, basis }: { method: Method; d?: number; basis: LearnedBasis | null }): number | null {
  if (!isDimensioned(method)) {
    if (d === undefined || method === "full") return null;
    throw new UsageError(`train: method ${method} has no --d, got ${d}: ${hasRank(method) ? "its size follows from --rank and --targets" : "its size follows from the model"}.`);
  }
  if (d === undefined) throw new UsageError(`train: method ${method} needs --d, the intrinsic dimension, e.g. --d ${method === "learned" ? 2 : 1000}.`);
  if (method === "learned") return requireInteger("train", "d", d, 1, basis?.info?.count ?? settings.directions);
  return requireInteger("train", "d", d, 1, method === "uni-lora" ? spaceOf(session, settings, method) : session.records.model.parameters);
}

/**
 * Evaluates a recorded run on its own dev rows, from what it kept.
 * @param options.run id, its first digits, or "latest". @throws {UsageError} if it kept nothing or model or data changed since.
 */
export async function evaluateRun(options: Omit<RunOptions, "preset" | "settings"> & { run: string }):
  Promise<{ record: TrialRecord; evaluation: Evaluation; /** of the dev rows, in the order of the logits */ labels: number[]; /** by index; none where labels are numbers */ labelNames: readonly string[] }> {
  const store = openStore(options.out);
  const record = await trialOf(store, options.run);
  const session = await sessionOf(record.configuration, options);
  try {
    const path = join(store.folderOf(record.id), trainedFile);
    return { record, labels: session.dev.labels, labelNames: session.data.labels, evaluation: await evaluateTrained(session, record.configuration, { path, store, signal: options.signal ?? cellSignal() }) };
  } finally {
    session.dispose();
  }
}

/**
 * Goes on with a recorded run that was interrupted, from its checkpoint; a finished one is returned as it is.
 * @param options.run id, its first digits, or "latest". @throws {UsageError} if it is no trial, or model or data changed since.
 */
export async function resumeRun(options: Omit<RunOptions, "preset" | "settings"> & Pick<TrainOnceOptions, "keep" | "onProgress"> & { run: string }):
  Promise<TrialRecord> {
  const store = openStore(options.out);
  const record = await trialOf(store, options.run);
  if (record.outcome !== "interrupted") return record;
  const session = await sessionOf(record.configuration, options);
  try {
    return await runTrial(session, record.configuration, { store, signal: options.signal ?? cellSignal(), onProgress: options.onProgress, keep: options.keep });
  } finally {
    session.dispose();
  }
}

/** The record of one training. @throws {UsageError} if the run is a search. */
export async function trialOf(store: RunStore, run: string): Promise<TrialRecord> {
  const record = await store.read(run);
  if (record.record === "trial") return record;
  throw new UsageError(`run ${record.id} is a search, and this takes one of its trials, e.g. ${record.trials[0]?.id ?? "(it has none)"}.`);
}

/** The options that load the rows of a record again. */
export function dataOf({ name, metric, file, labelNames, dropDuplicates }: TrialConfiguration["task"]): Pick<RunOptions, keyof LoadTaskOptions> {
  if (file === undefined) return { task: name, metric, dropDuplicates };
  const { path, dev, text, text2, label, devShare, splitSeed } = file;
  return { task: path, metric, dropDuplicates, labels: labelNames, dev: dev ?? undefined, text, text2: text2 ?? undefined, label, devShare, splitSeed };
}

/** A session with the model and rows of a recorded run. @throws {UsageError} when they are not the same any more. */
export async function sessionOf(configuration: TrialConfiguration | SearchConfiguration, options: RunOptions): Promise<Session> {
  const { model, task, maxLength, bf16 } = configuration;
  const session = await openSession({
    model: model.id, ...dataOf(task), trainRows: task.trainRows, devRows: task.devRows, maxLength, ...options,
    engine: { bf16, ...options.engine },
  });
  const changed = [["model", model.sha256, session.records.model.sha256], ["data", task.sha256, session.records.task.sha256]]
    .find(([, recorded, now]) => recorded !== now);
  if (!changed) return session;
  session.dispose();
  throw new UsageError(`evaluate: the ${changed[0]} is not the one of the run (SHA-256 ${changed[2].slice(0, 12)}, recorded ` +
    `${changed[1].slice(0, 12)}). Name the right one with --model or --data.`);
}
