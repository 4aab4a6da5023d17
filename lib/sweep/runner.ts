/** What a worker process can do; lib/sweep/trainer.ts trains, a test's runner pretends to. */
import type { ModelConfig } from "../models/types.js";
import type { EarlyStop } from "../records/trialRecord.js";
import type { Settings } from "../search/settings.js";
import type { Session } from "../training/session.js";
import type { EpochMetrics, TrainProgress } from "../training/train.js";
import type { Job, JobResult, Source, TrialJob } from "./job.js";

/** Asks what is needed to make the jobs of a model on a task, and, with `measure`, what they cost. */
export interface DescribeRequest {
  source: Source;
  settings: Settings;
  backend: "auto" | "tensorflow" | "wasm" | "cpu";
  bf16: boolean;
  /** Methods to take the time of; none: nothing is trained. */
  measure: ("full" | "subspace")[];
}

/** Cost of one kind of trial. */
export interface Cost {
  secondsPerUpdate: number;
  /** Largest resident memory of the process, in bytes. */
  memory: number;
}

/** A model on a task without its weights, as JSON. */
export interface PlaceDescription {
  records: Session["records"];
  config: ModelConfig;
  shapes: Record<string, number[]>;
  /** Names of the classes; none where labels are numbers. */
  labels: string[];
  notes: string[];
  cost: { full: Cost | null; subspace: Cost | null };
  /** Resident memory with model and data loaded, in bytes. */
  loadedMemory: number;
}

/** How far a job is; the loss, and the seconds to the end of training, where it trains. */
export type JobProgress = Pick<TrainProgress, "step" | "steps" | "stepsPerSecond"> & Partial<Pick<TrainProgress, "loss" | "eta">>;

export interface RunContext {
  /** The worker's store of records and checkpoints. */
  out: string;
  /** Stops at the next step, keeping a checkpoint. */
  signal: AbortSignal;
  onProgress(progress: JobProgress): void;
  /** Asks whether a trial that reached the end of an epoch goes on: null, or why not. */
  compete(job: TrialJob, metrics: EpochMetrics): Promise<EarlyStop | null>;
}

export interface Runner {
  describe(request: DescribeRequest): Promise<PlaceDescription>;
  run(job: Job, context: RunContext): Promise<JobResult>;
  dispose(): void;
}

export interface RunnerOptions {
  /** Threads of an operation. */
  threads: number;
  /** Never ask the network. */
  offline?: boolean;
  /** Folder of data on this machine, instead of the one that the plan names. */
  data?: string;
  /** Sessions (a model and a task) that are kept at once. */
  sessions: number;
}

/** What a runner's module exports. */
export interface RunnerModule {
  makeRunner(options: RunnerOptions): Runner;
}
