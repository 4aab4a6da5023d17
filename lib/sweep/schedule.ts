/** Which job comes next: the plan's order, held back until what it waits for has ended, and again after a pause when it failed. */
import type { Job } from "./job.js";

export interface Attempt {
  job: Job;
  /** 1 for the first. */
  attempt: number;
}

export interface Schedule {
  /** The next attempt for whoever asks; waits while others may yet give one, null when there is none any more. */
  next(): Promise<Attempt | null>;
  /** The attempt that `next` gave is over; `again` gives the job another one after that many milliseconds. */
  over(attempt: Attempt, again?: { after: number }): void;
}

/** Longest pause between two attempts, in milliseconds. */
export const LONGEST_PAUSE = 60_000;

/** Milliseconds before attempt 2, 3, 4 ...: `first`, doubled each time. */
export const pauseBefore = (attempt: number, first: number): number => Math.min(LONGEST_PAUSE, first * 2 ** (attempt - 2));

/** Only full fine-tuning is waited for: a hundred thousand trials leave nothing behind here. */
const isAwaited = ({ configuration }: Job): boolean => configuration.method === "full";

/** @param stopped whether nothing new shall begin; call `next` waiters learn of it when `signal` aborts. */
export function createSchedule(jobs: Iterator<Job>, { signal, stopped }: { signal: AbortSignal; stopped: () => boolean }): Schedule {
  const held: Attempt[] = [], ended = new Set<string>();
  let waiters: (() => void)[] = [];
  /** Attempts that are running, or in the pause before them. */
  let open = 0, exhausted = false;

  const isReady = ({ job }: Attempt): boolean => job.after.every((id) => ended.has(id));
  const tell = (): void => {
    const waiting = waiters;
    waiters = [];
    for (const wake of waiting) wake();
  };
  signal.addEventListener("abort", tell);

  /** A job that is ready: of those held back, or else the plan's next one. */
  function take(): Attempt | undefined {
    const at = held.findIndex(isReady);
    if (at >= 0) return held.splice(at, 1)[0];
    while (!exhausted) {
      const { value, done } = jobs.next();
      exhausted = done === true;
      if (done === true) break;
      const first = { job: value, attempt: 1 };
      if (isReady(first)) return first;
      held.push(first);
    }
    return undefined;
  }

  return {
    async next() {
      for (;;) {
        if (stopped()) return null;
        const attempt = take();
        if (attempt !== undefined) {
          open++;
          return attempt;
        }
        if (open === 0) return null;
        await new Promise<void>((resolve) => { waiters.push(resolve); });
      }
    },
    over({ job, attempt }, again) {
      if (again !== undefined) {
        // Its timer keeps no process alive that was told to stop.
        const timer = setTimeout(() => { open--; held.push({ job, attempt: attempt + 1 }); tell(); }, again.after);
        signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
        return;
      }
      open--;
      if (isAwaited(job)) ended.add(job.id);
      tell();
    },
  };
}
