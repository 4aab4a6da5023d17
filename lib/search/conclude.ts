/** From trials to the result: pure, so that any prefix of a search gives an honest one. */
import type { Estimate, SearchResult, SeedEstimate } from "../records/record.js";
import { type Baseline, baselineOf } from "./baseline.js";
import { type Bracket, bracketOf, violationsOf } from "./bracket.js";
import { statusesOf } from "./explore.js";
import type { StopReason, Trials } from "./ledger.js";
import { baselineNotes, estimateNotes } from "./notes.js";
import type { ResolvedOptions } from "./options.js";

/** The threshold of one of the two dimensions; `null` before there is a baseline. */
const emptyEstimate = (threshold: number | null, outcome: Estimate["outcome"], notes: string[] = []): Estimate =>
  ({ d90: null, lower: null, upper: null, exact: false, outcome, threshold, interval: null, bySeed: [], violations: [], notes });

/** What one seed's trials say. */
function seedEstimate(trials: Trials, seed: number, threshold: number, options: ResolvedOptions): SeedEstimate {
  const { grid } = options;
  const bracket = bracketOf(statusesOf(trials, seed, threshold, options));
  const at = (end: number | null) => (end === null ? null : grid[end]!);
  const outcome = outcomeOf(bracket, grid), upper = at(bracket.upper);
  return { seed, d90: outcome === "found" ? upper : null, lower: at(bracket.lower), upper, outcome };
}

/** What a bracket of positions settles. Where 1 reaches the threshold, it is d90: there is no smaller d. */
function outcomeOf({ lower, upper }: Bracket, grid: readonly number[]): SeedEstimate["outcome"] {
  if (upper === 0) return grid[0] === 1 ? "found" : "below-grid";
  if (upper === null) return lower === grid.length - 1 ? "above-grid" : "open";
  return lower === upper - 1 ? "found" : "open";
}

/** Order of settled estimates: below the grid, by d90, above the grid. */
const rankOf = ({ outcome, d90 }: SeedEstimate): number =>
  outcome === "below-grid" ? 0 : outcome === "above-grid" ? Infinity : d90!;

/** The estimate of the seed in the middle: the smallest d that more than half of the seeds reach the threshold with. */
function middleOf(settled: readonly SeedEstimate[]): SeedEstimate {
  return [...settled].sort((a, b) => rankOf(a) - rankOf(b))[Math.floor(settled.length / 2)]!;
}

/** All seeds together. @param stopped why the search ended early, or null. */
function estimateOver(
  trials: Trials, threshold: number, stopped: StopReason | null, options: ResolvedOptions,
): Estimate {
  const tried = options.seeds.filter((seed) => trials.entries.some((entry) => entry.kind === "subspace" && entry.seed === seed));
  const bySeed = tried.map((seed) => seedEstimate(trials, seed, threshold, options));
  if (bySeed.length === 0) return emptyEstimate(threshold, stopped === "interrupted" ? "interrupted" : "open");
  const settled = bySeed.filter(({ outcome }) => outcome !== "open");
  const exact = settled.length > 0;
  const { d90, lower, upper, outcome } = exact ? middleOf(settled) : bySeed[0]!;
  // The budget ended between two ends: d90 is at most upper, and more than lower.
  const bracketed = !exact && lower !== null && upper !== null;
  const estimate: Estimate = {
    d90: bracketed ? upper : d90,
    lower,
    upper,
    exact: outcome === "found",
    outcome: stopped === "interrupted" ? "interrupted" : bracketed ? "found" : outcome,
    threshold,
    interval: settled.length < 2 ? null : intervalOf(settled),
    bySeed,
    violations: violationsAt(trials, threshold, options),
    notes: [],
  };
  return { ...estimate, notes: estimateNotes(estimate, settled.length, options) };
}

/** Smallest and largest d90; null where one lies outside the grid. */
function intervalOf(settled: readonly SeedEstimate[]): { low: number | null; high: number | null } {
  const ordered = [...settled].sort((a, b) => rankOf(a) - rankOf(b));
  return { low: ordered[0]!.d90, high: ordered.at(-1)!.d90 };
}

/** Failures above a d that reaches, seed by seed, with the best metric there. */
function violationsAt(trials: Trials, threshold: number, options: ResolvedOptions): Estimate["violations"] {
  return options.seeds.flatMap((seed) =>
    violationsOf(statusesOf(trials, seed, threshold, options)).map((position) => {
      const d = options.grid[position]!;
      const metrics = trials.walk(d, seed).flatMap(({ metric }) => metric ?? []);
      return { d, seed, metric: metrics.length === 0 ? null : Math.max(...metrics) };
    }));
}

/** The result of the trials so far. @param stopped why the search ended early, or null. */
export function conclude(trials: Trials, stopped: StopReason | null, options: ResolvedOptions): SearchResult {
  const { majority } = options;
  const baseline = baselineOf(trials.entries, options);
  if (baseline === null || !baseline.meaningful) return withoutBaseline(baseline, stopped, options);
  const { full, fullRate, threshold, chanceThreshold } = baseline;
  const plain = estimateOver(trials, threshold, stopped, options);
  return {
    ...plain,
    notes: [...baselineNotes(trials.entries, baseline, options), ...plain.notes],
    full,
    fullRate,
    majority,
    chanceCorrectedD90: estimateOver(trials, chanceThreshold, stopped, options),
  };
}

/** No d90: full fine-tuning was interrupted, diverged, or is no better than the majority class. */
function withoutBaseline(baseline: Baseline | null, stopped: StopReason | null, options: ResolvedOptions): SearchResult {
  const outcome = stopped === "interrupted" ? "interrupted" : "baseline-not-above-majority";
  const notes = outcome === "interrupted" ? [] : baselineNotes([], baseline, options);
  return {
    ...emptyEstimate(baseline?.threshold ?? null, outcome, notes),
    full: baseline?.full ?? null,
    fullRate: baseline?.fullRate ?? null,
    majority: options.majority,
    chanceCorrectedD90: emptyEstimate(baseline?.chanceThreshold ?? null, outcome),
  };
}
