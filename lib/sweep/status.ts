/** How a sweep stands, from its events: counts, who does what, how fast, and how long it will take. */
import type { SweepEvent, WorkerName } from "./events.js";

export interface WorkerStatus {
  name: WorkerName;
  /** Trials that it made in this run. */
  done: number;
  /** What it runs now; null when it waits. */
  running: { id: string; method: string; d: number | null; step: number; steps: number } | null;
  /** Trials an hour, over the time since its first one began. */
  perHour: number;
}

export interface SweepStatus {
  total: number;
  done: number;
  cached: number;
  early: number;
  failed: number;
  retries: number;
  /** Seconds since the start. */
  seconds: number;
  /** Seconds to the end at the rate so far; null before a trial has ended. */
  eta: number | null;
  workers: WorkerStatus[];
  /** The best metric so far; null before there is one. */
  best: number | null;
}

interface Worker extends WorkerStatus {
  since: number;
}

export interface StatusKeeper {
  onEvent(event: SweepEvent): void;
  status(): SweepStatus;
}

/** Keeps count. @param now milliseconds; a test passes its own clock. */
export function createStatus(now: () => number = () => performance.now()): StatusKeeper {
  const start = now();
  const counts = { total: 0, done: 0, cached: 0, early: 0, failed: 0, retries: 0, best: null as number | null };
  const workers = new Map<WorkerName, Worker>();

  const workerNamed = (name: WorkerName): Worker => {
    const worker = workers.get(name) ?? { name, done: 0, running: null, perHour: 0, since: now() };
    workers.set(name, worker);
    return worker;
  };

  function onEnd({ record, worker, cached }: Extract<SweepEvent, { type: "job-end" }>): void {
    counts.done++;
    if (cached) counts.cached++;
    if (record.record === "trial") {
      if (record.earlyStop !== undefined) counts.early++;
      const metric = record.final?.metric ?? null;
      if (metric !== null) counts.best = Math.max(counts.best ?? -Infinity, metric);
    }
    if (worker !== null) Object.assign(workerNamed(worker), { done: workerNamed(worker).done + 1, running: null });
  }

  return {
    onEvent(event) {
      switch (event.type) {
        case "start": counts.total = event.total; break;
        case "job-start": {
          const { id, configuration: { method } } = event.job, d = event.job.kind === "trial" ? event.job.configuration.d : null;
          workerNamed(event.worker).running = { id, method, d, step: 0, steps: 0 };
          break;
        }
        case "job-progress": Object.assign(workerNamed(event.worker).running ?? {}, event.progress); break;
        case "job-end": onEnd(event); break;
        case "job-retry": counts.retries++; break;
        case "job-failed": counts.failed++; break;
        case "note": case "end": break;
      }
    },
    status() {
      const seconds = (now() - start) / 1000, made = counts.done - counts.cached;
      const left = counts.total - counts.done - counts.failed;
      const shown = [...workers.values()].map(({ since, ...worker }) =>
        ({ ...worker, perHour: (worker.done * 3600) / Math.max((now() - since) / 1000, 1e-3) }));
      return { ...counts, seconds, eta: left === 0 ? 0 : made === 0 ? null : (left * seconds) / made, workers: shown };
    },
  };
}
