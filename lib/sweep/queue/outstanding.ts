/** The coordinator's window: jobs that are in the queue, and those of the plan that come next. */
import type { Job } from "../job.js";

export interface Outstanding {
  /** Jobs in the queue, by id. */
  readonly jobs: ReadonlyMap<string, Job>;
  /** Up to so many that fill the window and wait for nothing; they are not outstanding before `add`. */
  next(): Job | null;
  add(job: Job): void;
  /** The job has ended, well or not. */
  end(job: Job): void;
  /** Whether all jobs of the plan have ended. */
  isDone(): boolean;
}

export function createOutstanding(plan: Iterator<Job>): Outstanding {
  const jobs = new Map<string, Job>(), held: Job[] = [], ended = new Set<string>();
  let exhausted = false;
  const isReady = (job: Job): boolean => job.after.every((id) => ended.has(id));

  return {
    jobs,
    next() {
      const at = held.findIndex(isReady);
      if (at >= 0) return held.splice(at, 1)[0]!;
      while (!exhausted) {
        const { value, done } = plan.next();
        exhausted = done === true;
        if (done === true) return null;
        if (isReady(value)) return value;
        held.push(value);
      }
      return null;
    },
    add: (job) => void jobs.set(job.id, job),
    end(job) {
      jobs.delete(job.id);
      // Only full fine-tuning is waited for.
      if (job.configuration.method === "full") ended.add(job.id);
    },
    isDone: () => exhausted && held.length === 0 && jobs.size === 0,
  };
}
