/** Processes that train the trials of one search side by side. */
import { idOf } from "../records/record.js";
import type { OpenTrialPool } from "../search/trialHooks.js";
import { trainingMemory } from "./estimate.js";
import type { Job, Source } from "./job.js";
import { WorkerError } from "./messages.js";
import { createPool } from "./pool.js";
import { sizingFor, thisMachine } from "./sizing.js";

export interface TrialPoolOptions {
  /** Processes, with the cores shared out as threads; "auto": one a core, fewer where the free memory is less. */
  processes: number | "auto";
  /** Parameters of the model, which "auto" plans the memory by; default: not planned with. */
  parameters?: number;
  /** As the session was opened: model, task and folder of data, of which the configurations keep no path. */
  source?: Source;
  backend?: Job["backend"];
  /** Threads of each process; default: the cores shared out. */
  threads?: number;
  /** Never ask the network. */
  offline?: boolean;
  /** URL of a module that exports `makeRunner` (lib/sweep/runner.ts), instead of training. */
  runner?: string;
}

/**
 * A pool for `measureD90({ pool })`; its processes start with their first trial.
 * @throws {UsageError} if processes times threads are more than the cores.
 */
export function openTrialPool({ processes: asked, parameters, source = {}, backend = "auto", threads, offline, runner }: TrialPoolOptions): OpenTrialPool {
  const needed = parameters === undefined ? null : LOADED + trainingMemory("full", parameters) + 4 * parameters;
  const sizing = sizingFor(thisMachine(), {
    jobs: Infinity, memory: needed, asked: { ...(asked === "auto" ? {} : { processes: asked }), ...(threads === undefined ? {} : { threads }) },
  });
  const pool = createPool({
    size: sizing.processes, ...(runner === undefined ? {} : { runner }),
    options: { threads: sizing.threads, sessions: 1, ...(offline === undefined ? {} : { offline }) },
  });
  return {
    size: pool.size,
    async run(configuration, { out, signal, onProgress }) {
      const job: Job = { kind: "trial", id: idOf(configuration), source, backend, timeoutMinutes: null, attempts: 1, priority: 1, after: [], configuration, halving: null };
      const { records } = await pool.run(job, out, { signal, onProgress: (progress) => onProgress({ loss: NaN, eta: NaN, ...progress }) });
      const record = records.at(-1);
      if (record?.record === "trial") return record;
      throw new WorkerError("failure", "the worker process returned no trial.");
    },
    close: () => pool.close(),
  };
}

/** A process with TensorFlow, without a model. */
const LOADED = 300e6;
