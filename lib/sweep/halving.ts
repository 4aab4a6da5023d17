/**
 * Asynchronous successive halving, the stopping variant: at each rung a trial goes on if it is among the best 1 / reduction of those
 * that have come there so far; nobody waits for the others.
 * Li, Jamieson, Rostamizadeh et al. 2020, "A System for Massively Parallel Hyperparameter Tuning" (MLSys), algorithm 2; it promotes
 * where this stops, as trials here cannot be laid aside without cost. What is stopped depends on who comes first: the record says so.
 */
import type { EarlyStop } from "../records/trialRecord.js";
import type { EpochMetrics } from "../training/train.js";
import type { Halving } from "./job.js";

/** The epochs at which trials compete: minEpochs, minEpochs * reduction, ... */
export function isRung(epoch: number, { reduction, minEpochs }: Pick<Halving, "reduction" | "minEpochs">): boolean {
  for (let rung = minEpochs; rung <= epoch; rung *= reduction) if (rung === epoch) return true;
  return false;
}

/**
 * What a rung says of a trial that is `rank`th (1 is best) of `of`: null to go on. While fewer than `reduction` have come, nobody can
 * tell, and all go on.
 */
export const isStopped = (rank: number, of: number, reduction: number): boolean => of >= reduction && rank > Math.floor(of / reduction);

export interface Ladder {
  /** Notes the trial at its rung; null to go on, or why not. An epoch that is no rung is passed. */
  compete(halving: Halving, id: string, metrics: EpochMetrics): EarlyStop | null;
}

/** A ladder in memory, for one process. */
export function createLadder(): Ladder {
  const rungs = new Map<string, Map<string, number>>();
  return {
    compete(halving, id, { epoch, metric }) {
      const { group, reduction } = halving;
      if (!isRung(epoch, halving)) return null;
      const key = `${group}/${epoch}`, rung = rungs.get(key) ?? new Map<string, number>();
      rungs.set(key, rung.set(id, metric));
      const rank = 1 + [...rung.values()].filter((other) => other > metric).length;
      return isStopped(rank, rung.size, reduction) ? { reduction, epoch, metric, rank, of: rung.size } : null;
    },
  };
}
