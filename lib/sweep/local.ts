/** A sweep on one machine: jobs in the plan's order to the processes of a pool, failed ones again after a pause. */
import { setMaxListeners } from "node:events";
import { parseRecord, type RunRecord } from "../records/record.js";
import type { RunStore } from "../records/store.js";
import { UsageError } from "../support/checks.js";
import type { SweepEvent, SweepOutcome } from "./events.js";
import { createLadder, type Ladder } from "./halving.js";
import type { Job } from "./job.js";
import { finishedRecord, keepRecords } from "./kept.js";
import { WorkerError } from "./messages.js";
import type { Pool } from "./pool.js";
import { createSchedule, pauseBefore, type Attempt, type Schedule } from "./schedule.js";

export interface LocalOptions {
  pool: Pool;
  store: RunStore;
  signal: AbortSignal;
  onEvent: (event: SweepEvent) => void;
  /** Milliseconds before the second attempt; doubled for each further one. */
  pause: number;
}

/** What the lanes of one sweep share. */
interface Run extends LocalOptions {
  schedule: Schedule;
  ladder: Ladder;
  outcome: SweepOutcome;
  /** Why nothing more can be written; null while it can. */
  disk: UsageError | null;
}

/** Runs all `jobs`; what is recorded is taken up. @throws {UsageError} when the store cannot be written. */
export async function runLocal(jobs: Iterable<Job>, options: LocalOptions): Promise<SweepOutcome> {
  setMaxListeners(0, options.signal);
  const outcome: SweepOutcome = { done: 0, cached: 0, failed: [], interrupted: false };
  const stopped = (): boolean => options.signal.aborted || run.disk !== null;
  const schedule = createSchedule(jobs[Symbol.iterator](), { signal: options.signal, stopped });
  const run: Run = { ...options, schedule, ladder: createLadder(), outcome, disk: null };
  await Promise.all(Array.from({ length: options.pool.size }, () => lane(run)));
  if (run.disk !== null) throw run.disk;
  return { ...outcome, interrupted: options.signal.aborted };
}

/** One process's share of the work. */
async function lane(run: Run): Promise<void> {
  for (let next = await run.schedule.next(); next !== null; next = await run.schedule.next()) {
    try {
      await perform(run, next.job);
      run.schedule.over(next);
    } catch (error) {
      failed(run, next, error);
    }
  }
}

async function perform(run: Run, job: Job): Promise<void> {
  const { pool, store, signal, ladder, onEvent } = run;
  const start = performance.now();
  const known = await finishedRecord(store, job);
  if (known !== null) return ended(run, job, known, null, 0);
  let worker = "";
  const { records, outcome } = await pool.run(job, store.folder, {
    signal, timeout: job.timeoutMinutes === null ? null : job.timeoutMinutes * 60_000,
    onStart: (place, pid) => onEvent({ type: "job-start", job, worker: worker = `process ${place + 1}`, pid }),
    onProgress: (progress) => onEvent({ type: "job-progress", job, worker, progress }),
    compete: async (metrics) => (job.kind === "trial" && job.halving !== null ? ladder.compete(job.halving, job.id, metrics) : null),
  });
  await keepRecords(store, records.map((record) => parseRecord(record, "sweep: record of a worker process")));
  const last = records.at(-1);
  if (outcome === "done" && last !== undefined) ended(run, job, last, worker, (performance.now() - start) / 1000);
  else if (!signal.aborted) throw new WorkerError("failure", "the worker process was told to stop.");
}

/** @param worker who made the record; null if it was there. */
function ended({ outcome, onEvent }: Run, job: Job, record: RunRecord, worker: string | null, seconds: number): void {
  outcome.done++;
  if (worker === null) outcome.cached++;
  onEvent({ type: "job-end", job, record, worker, cached: worker === null, seconds });
}

function failed(run: Run, attempt: Attempt, error: unknown): void {
  const { schedule, outcome, onEvent, pause, signal } = run;
  const { job, attempt: made } = attempt;
  const reason = error instanceof Error ? error.message : String(error);
  // Errors of the parent's own store are about the disk.
  const kind = error instanceof WorkerError ? error.kind : error instanceof UsageError ? "disk" : "failure";
  if (kind === "disk") run.disk ??= new UsageError(reason, { cause: error });
  if (kind === "disk" || signal.aborted) return schedule.over(attempt);
  if (kind === "usage" || made >= job.attempts) {
    outcome.failed.push({ id: job.id, job, reason, attempts: made });
    onEvent({ type: "job-failed", job, reason, attempts: made });
    return schedule.over(attempt);
  }
  const after = pauseBefore(made + 1, pause);
  onEvent({ type: "job-retry", job, attempt: made + 1, reason, pauseSeconds: after / 1000 });
  schedule.over(attempt, { after });
}
