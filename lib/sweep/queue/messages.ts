/** What travels through the queue. */
import type { RunRecord } from "../../records/record.js";
import type { Identity, Job } from "../job.js";

export interface QueuedJob {
  job: Job;
  identity: Identity;
  /** Records that the job takes up: the full fine-tuning of a search, where the worker does not have it. */
  known: RunRecord[];
}

export interface QueuedResult {
  records: RunRecord[];
  worker: string;
  seconds: number;
}

/** What a worker tells of itself once a second. */
export interface Heartbeat {
  /** Counts up; one that stands still is a worker that is gone. */
  beat: number;
  running: { id: string; step: number; steps: number; stepsPerSecond: number }[];
}
