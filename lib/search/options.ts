/** What a search is asked, with its defaults. */
import { requireInteger, requireNumber, shown } from "../support/checks.js";
import type { MetricName, SearchOptionsRecord } from "../records/record.js";
import { gridBetween } from "./grid.js";

/** The question, and how much it may cost. */
export interface FindOptions {
  /** D: all parameters, head included. */
  ambientDimension: number;
  /** What always saying the same reaches: the share of the most frequent class among the rows evaluated on; 0 for a correlation. */
  majority: number;
  /** What is compared, for words alone; default "accuracy". */
  metric?: MetricName;
  /** Learning rates tried for full fine-tuning; default [1e-4]. */
  fullRates?: readonly number[];
  /** Seeds of full fine-tuning: the first compares rates, the best rate is averaged over all; default the first of `seeds`. */
  fullSeeds?: readonly number[];
  /** Seeds of P (and of the run): the first searches, the others confirm; default [1]. */
  seeds?: readonly number[];
  /** Share of full fine-tuning to be reached; default 0.9. */
  share?: number;
  /** Smallest d; default 100. For SAID more than its number of groups. */
  lowest?: number;
  /** Largest d; default 1,000,000 or D. */
  highest?: number;
  /** The d tried first, or its neighbour on the grid; default 1,000. */
  firstD?: number;
  /** Learning rates for one d at most; default 3. Seeds that confirm use the best known rate alone at a d below the first's d90. */
  ratesPerD?: number;
  /** c of the rule of rates; default 10. */
  rateMultiplier?: number;
  /** Trials in subspaces at most, those taken up included; default null, no limit. */
  maxTrials?: number | null;
  /** Seconds of trials in subspaces, those taken up included, after which no further one starts; default null. */
  maxSeconds?: number | null;
  /** Whether trials are made for the chance-corrected d90 too, or it is read off those at hand; default "report". */
  chanceCorrected?: "report" | "search";
  /** How far full fine-tuning must be above the majority class for d90 to mean something; default 0.01. */
  margin?: number;
}

/** Options with every default filled in, and the grid. */
export interface ResolvedOptions extends SearchOptionsRecord {
  ambientDimension: number;
  majority: number;
  metric: MetricName;
  /** All d, ascending. */
  grid: number[];
}

/** Fills in the defaults. @throws {RangeError} naming the option that makes no sense. */
export function resolveOptions(options: FindOptions): ResolvedOptions {
  const where = "findD90";
  const ambientDimension = requireInteger(where, "ambientDimension", options.ambientDimension, 1);
  const seeds = requireList("seeds", options.seeds ?? [1], (seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
  const lowest = requireInteger(where, "lowest", options.lowest ?? Math.min(100, ambientDimension), 1, ambientDimension);
  const highest = requireInteger(where, "highest", options.highest ?? Math.min(1e6, ambientDimension), lowest, ambientDimension);
  return {
    ambientDimension,
    majority: requireNumber(where, "majority", options.majority, 0, 1),
    metric: options.metric ?? "accuracy",
    fullRates: requireList("fullRates", options.fullRates ?? [1e-4], (rate) => Number.isFinite(rate) && rate > 0),
    fullSeeds: requireList("fullSeeds", options.fullSeeds ?? seeds.slice(0, 1), (seed) => Number.isInteger(seed) && seed >= 0),
    seeds,
    share: requireNumber(where, "share", options.share ?? 0.9, Number.MIN_VALUE, 1),
    lowest,
    highest,
    firstD: requireInteger(where, "firstD", options.firstD ?? 1000, 1),
    ratesPerD: requireInteger(where, "ratesPerD", options.ratesPerD ?? 3, 1),
    rateMultiplier: requireNumber(where, "rateMultiplier", options.rateMultiplier ?? 10, Number.MIN_VALUE),
    maxTrials: options.maxTrials == null ? null : requireInteger(where, "maxTrials", options.maxTrials, 1),
    maxSeconds: options.maxSeconds == null ? null : requireNumber(where, "maxSeconds", options.maxSeconds, Number.MIN_VALUE),
    chanceCorrected: options.chanceCorrected ?? "report",
    margin: requireNumber(where, "margin", options.margin ?? 0.01, 0, 1),
    grid: gridBetween(lowest, highest),
  };
}

/** The options as a record keeps them. */
export function optionsRecord(options: FindOptions): SearchOptionsRecord {
  const { ambientDimension: _ambientDimension, majority: _majority, metric: _metric, grid: _grid, ...record } = resolveOptions(options);
  return record;
}

/** Requires a list of different values that all pass. */
function requireList(argument: string, values: readonly number[], passes: (value: number) => boolean): number[] {
  if (values.length > 0 && values.every(passes) && new Set(values).size === values.length) return [...values];
  const kind = argument === "fullRates" ? "positive numbers" : "integers of at least 0";
  throw new RangeError(`findD90: ${argument} must be different ${kind}, at least one, got ${shown(values)}.`);
}
