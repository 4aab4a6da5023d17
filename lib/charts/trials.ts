/** From search records to tables: one row a trial, one row a point of the curve. */
import { desc, from, op, table, type ColumnTable } from "arquero";
import { type DimensionedMethod, isDimensioned, type SearchRecord, type TrialSummary } from "../records/record.js";
import { toldEstimate } from "./words.js";

/** One trial in a subspace. */
export interface TrialRow {
  id: string;
  method: DimensionedMethod;
  d: number;
  learningRate: number;
  seed: number;
  outcome: TrialSummary["outcome"];
  /** Dev metric; null unless completed. */
  metric: number | null;
  /** Whether the metric reaches the threshold of the estimate that the chart is about. */
  reached: boolean;
  seconds: number;
}

/** One point of a method's curve: the mean over seeds of the best rate's metric. */
export interface CurveRow {
  method: DimensionedMethod;
  d: number;
  metric: number;
  /** Smallest and largest over the seeds. */
  low: number;
  high: number;
  seeds: number;
}

/** Metrics are ratios of counts: equal ones may differ in the last bit. */
const tolerance = 1e-12;

/** The method of a search; full fine-tuning is never searched. */
export const methodOf = ({ configuration: { method } }: SearchRecord): DimensionedMethod => (isDimensioned(method) ? method : "did");

/** All trials in subspaces, in the order they were made. */
export function trialRows(records: readonly SearchRecord[]): TrialRow[] {
  return records.flatMap((record) => record.trials.flatMap(({ kind: _kind, d, ...trial }) => {
    const { threshold } = toldEstimate(record).estimate;
    const reached = trial.metric !== null && threshold !== null && trial.metric >= threshold - tolerance;
    return d === null ? [] : [{ ...trial, method: methodOf(record), d, reached }];
  }));
}

/** The completed trials with `best`: whether no other rate at the same method, d and seed is better (the first of equals). */
export function completedTrials(records: readonly SearchRecord[]): ColumnTable {
  const rows = trialRows(records).filter(({ metric }) => metric !== null);
  if (rows.length === 0) return table({ method: [], d: [], seed: [], metric: [], best: [] });
  return from(rows)
    .groupby("method", "d", "seed")
    .orderby("method", "d", "seed", desc("metric"))
    .derive({ best: () => op.row_number() === 1 })
    .ungroup();
}

/** The curve of every method, by ascending d. */
export function curveRows(records: readonly SearchRecord[]): CurveRow[] {
  const curve = completedTrials(records)
    .filter((row: { best: boolean }) => row.best)
    .groupby("method", "d")
    .rollup({
      metric: (row: TrialRow) => op.mean(row.metric), low: (row: TrialRow) => op.min(row.metric),
      high: (row: TrialRow) => op.max(row.metric), seeds: () => op.count(),
    })
    .orderby("method", "d");
  return curve.objects() as CurveRow[];
}
