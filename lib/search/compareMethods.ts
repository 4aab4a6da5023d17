/** Several methods on one model and task, each trained once for each seed: accuracy against the numbers that are trained. */
import type { Method, TrialRecord } from "../records/record.js";
import { UsageError } from "../support/checks.js";
import { cellSignal } from "../support/notebook.js";
import type { Session } from "../training/session.js";
import type { TrainProgress } from "../training/train.js";
import { trainOnce } from "./once.js";
import { within, type RunOptions } from "./within.js";

/** One method of a comparison, with its size. */
export interface MethodPlan {
  method: Method;
  /** Needed for methods with a d. */
  d?: number;
  /** Of lora and uni-lora; default the settings'. */
  rank?: number;
  /** Default: where the method's rates begin, see lib/search/methodRates.ts. */
  learningRate?: number;
}

/** From the smallest to the largest budget, each of which says something. */
export const DEFAULT_PLANS: readonly MethodPlan[] = [
  { method: "full" }, { method: "head" }, { method: "did", d: 1000 }, { method: "did", d: 10_000 }, { method: "uni-lora", d: 1000 },
  { method: "ia3" }, { method: "bitfit" }, { method: "lora", rank: 1 }, { method: "lora", rank: 8 },
];

export type CompareEvent =
  | { type: "note"; text: string }
  | { type: "trial-start"; plan: MethodPlan; seed: number; number: number; of: number }
  | { type: "step"; progress: TrainProgress }
  | { type: "trial-end"; plan: MethodPlan; seed: number; trial: TrialRecord };

export interface CompareOptions extends RunOptions {
  /** What is compared; default DEFAULT_PLANS. */
  plans?: readonly MethodPlan[];
  onEvent?: (event: CompareEvent) => void;
}

/**
 * Trains every plan with every seed of the settings and returns the records in that order. Trials in `out` are taken up; when
 * `signal` aborts, the running one keeps a checkpoint and what is finished is returned: the same call goes on from there.
 * @throws {UsageError} without plans, for a d that is missing or too large, or for a head policy that a method does not have.
 */
export async function compareMethods(options: CompareOptions, given?: Session): Promise<TrialRecord[]> {
  const { plans = DEFAULT_PLANS, onEvent = () => undefined, signal = cellSignal() } = options;
  if (plans.length === 0) throw new UsageError("compareMethods: plans must name one method at least, got none.");
  return within(options, given, async (session, settings) => {
    session.data.notes.forEach((text) => onEvent({ type: "note", text }));
    const all = plans.flatMap((plan) => settings.seeds.map((seed) => ({ plan, seed })));
    const records: TrialRecord[] = [];
    for (const [index, { plan, seed }] of all.entries()) {
      if (signal?.aborted) break;
      onEvent({ type: "trial-start", plan, seed, number: index + 1, of: all.length });
      const { rank = settings.rank, ...rest } = plan;
      const trial = await trainOnce({ ...options, ...rest, seed, signal, settings: { ...options.settings, rank },
        onNote: (text) => onEvent({ type: "note", text }), onProgress: (progress) => onEvent({ type: "step", progress }) }, session);
      if (trial.outcome === "interrupted") break;
      onEvent({ type: "trial-end", plan, seed, trial });
      records.push(trial);
    }
    return records;
  });
}
