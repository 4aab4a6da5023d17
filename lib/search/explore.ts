/** One d and one seed: the walk over learning rates, and what it says about a threshold. */
import type { Status } from "./bracket.js";
import type { Entry, Ledger, Trials } from "./ledger.js";
import type { ResolvedOptions } from "./options.js";
import { bestRate, nextRung, rateAt } from "./rates.js";

/** Metrics are ratios of counts: equal ones may differ in the last bit. */
const reachesThreshold = (entry: Entry, threshold: number): boolean => entry.metric !== null && entry.metric >= threshold - 1e-12;

/** The first seed searches the rate; the others, which confirm, take what it found. */
const rateLimit = (seed: number, { seeds, ratesPerD }: ResolvedOptions): number => (seed === seeds[0] ? ratesPerD : 1);

/** Where a walk begins: at the best rung of the nearest d tried with any seed; at 0 at the very first. */
function startRung({ entries }: Trials, d: number): number {
  const tried = entries.filter((entry) => entry.kind === "subspace" && entry.outcome !== "interrupted");
  const distance = (entry: Entry) => Math.abs(Math.log(entry.d! / d));
  const nearest = Math.min(...tried.map(distance));
  return bestRate(tried.filter((entry) => distance(entry) === nearest))?.rung ?? 0;
}

/** The rung that the walk at (d, seed) tries next; null when it has ended. */
function nextAt(trials: Trials, d: number, seed: number, options: ResolvedOptions): number | null {
  const walk = trials.walk(d, seed);
  return nextRung(walk, walk[0]?.rung ?? startRung(trials, d), rateLimit(seed, options));
}

/** What the trials say about (d, seed): it fails only when no rate is left to try. */
export function statusAt(trials: Trials, d: number, seed: number, threshold: number, options: ResolvedOptions): Status {
  const walk = trials.walk(d, seed);
  if (walk.some((entry) => reachesThreshold(entry, threshold))) return "reaches";
  return walk.length > 0 && nextAt(trials, d, seed, options) === null ? "fails" : "open";
}

/** The statuses of all positions of the grid. */
export const statusesOf = (trials: Trials, seed: number, threshold: number, options: ResolvedOptions): Status[] =>
  options.grid.map((d) => statusAt(trials, d, seed, threshold, options));

/** What is explored, and from which rate of full fine-tuning the rule starts. */
interface Place {
  d: number;
  seed: number;
  threshold: number;
  fullRate: number;
}

/** Tries rates at (d, seed) until one reaches the threshold or the walk ends. */
export async function explore(ledger: Ledger, { d, seed, threshold, fullRate }: Place, options: ResolvedOptions): Promise<void> {
  const { ambientDimension, rateMultiplier } = options;
  while (statusAt(ledger, d, seed, threshold, options) === "open") {
    const rung = nextAt(ledger, d, seed, options)!;
    const learningRate = rateAt({ fullRate, rateMultiplier, ambientDimension }, d, rung);
    await ledger.run({ kind: "subspace", d, learningRate, seed }, rung);
  }
}
