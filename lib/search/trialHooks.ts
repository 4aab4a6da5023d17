/** How the trials of a search are run: one by one in this process, or side by side in a pool's. */
import type { TrialConfiguration, TrialRecord, TrialSummary } from "../records/record.js";
import type { TrainProgress } from "../training/train.js";
import { keyOf } from "./ahead.js";
import type { CachedTrial, RunTrial, TrialRequest } from "./ledger.js";
import { type FindOptions, resolveOptions } from "./options.js";
import { sideBySide } from "./sideBySide.js";

/** Trains elsewhere, several trials at once, into the store at `out`. */
export interface TrialPool {
  readonly size: number;
  run(configuration: TrialConfiguration, options: { out: string; signal: AbortSignal; onProgress: (progress: TrainProgress) => void }): Promise<TrialRecord>;
}

/** Close it when done. */
export interface OpenTrialPool extends TrialPool {
  close(): Promise<void>;
}

export interface TrialHookOptions {
  cached: CachedTrial;
  pool: TrialPool | undefined;
  signal: AbortSignal;
  trial: (request: TrialRequest, abort: AbortSignal, onProgress: (progress: TrainProgress) => void) => Promise<TrialSummary>;
  onProgress: (progress: TrainProgress) => void;
}

/** How the search's trials are run: one by one, or side by side; only the one that is asked for tells its steps. */
export function trialHooks(question: FindOptions, { pool, cached, signal, trial, onProgress }: TrialHookOptions) {
  let asked = "";
  const told: RunTrial = (request, abort) => trial(request, abort, (progress) => { if (keyOf(request) === asked) onProgress(progress); });
  const asking = (runTrial: RunTrial): RunTrial => (request, abort) => {
    asked = keyOf(request);
    return runTrial(request, abort);
  };
  if (pool === undefined) return { runTrial: asking(told), cached, end: () => Promise.resolve() };
  const beside = sideBySide({ size: pool.size, options: resolveOptions(question), runTrial: told, cached, signal });
  return { ...beside, runTrial: asking(beside.runTrial) };
}
