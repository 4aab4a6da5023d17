/** One d and one seed: the walk over learning rates, and what it says about a threshold. */
import type { Status } from "./bracket.js";
import type { Entry, Ledger, Trials } from "./ledger.js";
import type { ResolvedOptions } from "./options.js";
import { bestRate, nextRung, rateAt } from "./rates.js";

/** Does d reach the threshold with this seed? */
interface Question {
  d: number;
  seed: number;
  threshold: number;
}

/** Metrics are ratios of counts: equal ones may differ in the last bit. */
const reachesThreshold = (entry: Entry, threshold: number): boolean => entry.metric !== null && entry.metric >= threshold - 1e-12;

/**
 * Rates at (d, seed) at most. The first seed searches them; the others, which confirm, take what it found, below the d that it reaches the threshold
 * with: from there on a failure contradicts it, and may be the rate's.
 */
function rateLimit({ entries }: Trials, { d, seed, threshold }: Question, { seeds: [first], ratesPerD }: ResolvedOptions): number {
  const firstReaches = entries.some((entry) => entry.kind === "subspace" && entry.seed === first && entry.d! <= d && reachesThreshold(entry, threshold));
  return seed === first || firstReaches ? ratesPerD : 1;
}

/** Where a walk begins: at the best rung of the nearest d tried with any seed; at 0 at the very first. */
function startRung({ entries }: Trials, d: number): number {
  const tried = entries.filter((entry) => entry.kind === "subspace" && entry.outcome !== "interrupted");
  const distance = (entry: Entry) => Math.abs(Math.log(entry.d! / d));
  const nearest = Math.min(...tried.map(distance));
  return bestRate(tried.filter((entry) => distance(entry) === nearest))?.rung ?? 0;
}

/** The rung that the walk at (d, seed) tries next; null when it has ended. */
function nextAt(trials: Trials, question: Question, options: ResolvedOptions): number | null {
  const { d, seed } = question, walk = trials.walk(d, seed);
  return nextRung(walk, walk[0]?.rung ?? startRung(trials, d), rateLimit(trials, question, options));
}

/** What the trials say: a d fails only when no rate is left to try. */
export function statusAt(trials: Trials, question: Question, options: ResolvedOptions): Status {
  const { d, seed, threshold } = question, walk = trials.walk(d, seed);
  if (walk.some((entry) => reachesThreshold(entry, threshold))) return "reaches";
  return walk.length > 0 && nextAt(trials, question, options) === null ? "fails" : "open";
}

/** The statuses of all positions of the grid. */
export const statusesOf = (trials: Trials, seed: number, threshold: number, options: ResolvedOptions): Status[] =>
  options.grid.map((d) => statusAt(trials, { d, seed, threshold }, options));

/** Tries rates at (d, seed) until one reaches the threshold or the walk ends. @param fullRate of full fine-tuning, from which the rule starts. */
export async function explore(ledger: Ledger, question: Question, { fullRate }: { fullRate: number }, options: ResolvedOptions): Promise<void> {
  const { d, seed } = question, { ambientDimension, rateMultiplier } = options;
  while (statusAt(ledger, question, options) === "open") {
    const rung = nextAt(ledger, question, options)!;
    const learningRate = rateAt({ fullRate, rateMultiplier, ambientDimension }, d, rung);
    await ledger.run({ kind: "subspace", d, learningRate, seed }, rung);
  }
}
