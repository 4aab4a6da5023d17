/** What happens in a sweep, for whoever shows it. */
import type { RunRecord } from "../records/record.js";
import type { Job } from "./job.js";
import type { JobProgress } from "./runner.js";

/** A worker as it is shown: "process 2", "rack3:4711". */
export type WorkerName = string;

export type SweepEvent =
  | { type: "start"; total: number; workers: number }
  | { type: "note"; text: string }
  /** `pid` is that of the worker's process; null where it is on another machine. */
  | { type: "job-start"; job: Job; worker: WorkerName; pid: number | null }
  | { type: "job-progress"; job: Job; worker: WorkerName; progress: JobProgress }
  /** `cached`: it was recorded before this sweep came to it. */
  | { type: "job-end"; job: Job; record: RunRecord; worker: WorkerName | null; cached: boolean; seconds: number }
  | { type: "job-retry"; job: Job; attempt: number; reason: string; pauseSeconds: number }
  | { type: "job-failed"; job: Job; reason: string; attempts: number }
  | { type: "end"; outcome: SweepOutcome };

/** A job that was given up, with the reason of its last attempt. */
export interface FailedJob {
  id: string;
  job: Job;
  reason: string;
  attempts: number;
}

/** What a sweep came to. */
export interface SweepOutcome {
  /** Records made or found, early stopped ones included. */
  done: number;
  /** Of them: found in the store. */
  cached: number;
  failed: FailedJob[];
  /** Whether it was stopped before its end. */
  interrupted: boolean;
}
