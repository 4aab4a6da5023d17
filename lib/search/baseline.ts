/** Full fine-tuning, what it reaches and the thresholds that follow. */
import { bestRate } from "./rates.js";
import type { Entry, Ledger } from "./ledger.js";
import type { ResolvedOptions } from "./options.js";

/** What full fine-tuning reaches: the mean over its seeds at its best rate. */
export interface Baseline {
  full: number;
  fullRate: number;
  /** share * full: the paper's. */
  threshold: number;
  /** majority + share * (full - majority). */
  chanceThreshold: number;
  /** Whether full is above the majority class by more than the margin. */
  meaningful: boolean;
  /** Whether predicting the majority class already reaches `threshold`: then the plain d90 says nothing. */
  degenerate: boolean;
}

/** Completed trials of full fine-tuning at the rate that is best for the first seed; the smaller of equal rates. */
function atBestRate(entries: readonly Entry[], { fullSeeds }: ResolvedOptions): Entry[] {
  const completed = entries.filter(({ kind, metric }) => kind === "full" && metric !== null);
  const first = completed.filter(({ seed }) => seed === fullSeeds[0]).sort((a, b) => a.learningRate - b.learningRate);
  const best = bestRate(first);
  return completed.filter(({ learningRate }) => learningRate === best?.learningRate);
}

/** The baseline that the trials so far give; null when none completed. */
export function baselineOf(entries: readonly Entry[], options: ResolvedOptions): Baseline | null {
  const trials = atBestRate(entries, options);
  if (trials.length === 0) return null;
  const { majority, share, margin } = options;
  const full = trials.reduce((sum, { metric }) => sum + metric!, 0) / trials.length;
  const threshold = share * full;
  return {
    full,
    fullRate: trials[0]!.learningRate,
    threshold,
    chanceThreshold: majority + share * (full - majority),
    meaningful: full > majority + margin,
    degenerate: threshold <= majority,
  };
}

/** Runs full fine-tuning: every rate with the first seed, then the best one with the others. */
export async function measureBaseline(ledger: Ledger, options: ResolvedOptions): Promise<Baseline | null> {
  const [first, ...others] = options.fullSeeds;
  for (const learningRate of options.fullRates) await ledger.run({ kind: "full", d: null, learningRate, seed: first! }, 0);
  const rate = baselineOf(ledger.entries, options)?.fullRate;
  if (rate === undefined) return null;
  for (const seed of others) await ledger.run({ kind: "full", d: null, learningRate: rate, seed }, 0);
  return baselineOf(ledger.entries, options);
}
