/** Between the parent and a worker process, over the pipe that `fork` opens. */
import type { EarlyStop } from "../records/trialRecord.js";
import type { EpochMetrics } from "../training/train.js";
import type { Job, JobResult } from "./job.js";
import type { DescribeRequest, JobProgress, PlaceDescription, RunnerOptions } from "./runner.js";

/** How a process is started: the only argument of lib/sweep/child.ts, as JSON. */
export interface ChildSettings {
  /** URL of the module that exports `makeRunner`. */
  runner: string;
  options: RunnerOptions;
}

export type ToChild =
  | { type: "describe"; request: DescribeRequest }
  | { type: "run"; job: Job; out: string }
  /** Ends the running job at its next step, with a checkpoint. */
  | { type: "stop" }
  | { type: "verdict"; earlyStop: EarlyStop | null };

/**
 * `usage`: trying again will not help. `disk`: the store cannot be written, whatever the job. `failure`: anything else, which may
 * pass.
 */
export type ErrorKind = "usage" | "disk" | "failure";

export type FromChild =
  /** The process is up and the job begins: its time counts from here. */
  | { type: "begun" }
  | { type: "described"; description: PlaceDescription }
  | { type: "progress"; progress: JobProgress }
  | { type: "rung"; metrics: EpochMetrics }
  | { type: "result"; result: JobResult }
  | { type: "error"; kind: ErrorKind; message: string };

/** What went wrong in a worker process, or that it died. */
export class WorkerError extends Error {
  override name = "WorkerError";
  constructor(readonly kind: ErrorKind, message: string) {
    super(message);
  }
}
