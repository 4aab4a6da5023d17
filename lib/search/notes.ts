/** What a reader should know before trusting a d90, in full sentences. */
import { isCorrelation, metricWords, type Estimate, type MetricName } from "../records/record.js";
import type { Baseline } from "./baseline.js";
import type { Entry } from "./ledger.js";
import type { ResolvedOptions } from "./options.js";

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
/** A value of the metric. */
const valueIn = (metric: MetricName) => (value: number): string => (isCorrelation(metric) ? value.toFixed(3) : percent(value));
const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** What full fine-tuning says about both dimensions. */
export function baselineNotes(entries: readonly Entry[], baseline: Baseline | null, options: ResolvedOptions): string[] {
  const { majority, share, margin, fullRates, metric } = options;
  const shown = valueIn(metric), { guess } = metricWords[metric];
  if (baseline === null) return ["Full fine-tuning diverged at every learning rate tried: try smaller ones."];
  const { full, fullRate, threshold, meaningful, degenerate } = baseline;
  if (!meaningful) {
    return [`Full fine-tuning reaches ${shown(full)}, not more than ${shown(margin)} above ${guess} ` +
      `(${shown(majority)}): d90 means nothing here. Train longer, on more rows or with other learning rates.`];
  }
  const notes: string[] = [];
  if (degenerate) {
    notes.push(`${percent(share)} of full fine-tuning (${shown(threshold)}) is not above ${guess} ` +
      `(${shown(majority)}): ${metric === "accuracy" ? "predicting that class always" : "always saying the same"} already passes, so d90 says nothing. Read the chance-corrected d90.`);
  }
  const diverged = entries.filter(({ kind, outcome }) => kind === "full" && outcome === "diverged").length;
  const are = diverged === 1 ? "is" : "are";
  if (diverged > 0) notes.push(`${plural(diverged, "trial")} of full fine-tuning diverged and ${are} left out.`);
  if (fullRates.length > 2 && (fullRate === Math.min(...fullRates) || fullRate === Math.max(...fullRates))) {
    notes.push(`The best learning rate of full fine-tuning, ${fullRate}, lies at the edge of those tried: ` +
      "a better one may lie beyond.");
  }
  return notes;
}

/** What the trials in subspaces leave open. @param settled number of seeds whose search ended. */
export function estimateNotes(estimate: Estimate, settled: number, { grid, seeds }: ResolvedOptions): string[] {
  const { outcome, lower, upper, violations } = estimate;
  const notes: string[] = [];
  if (outcome === "below-grid") notes.push(`The smallest d, ${grid[0]}, reaches the threshold: search from a smaller one.`);
  if (outcome === "above-grid") notes.push(`The largest d, ${grid.at(-1)}, does not reach the threshold: search to a larger one.`);
  if (settled === 0) notes.push(openNote(lower, upper));
  if (settled > 0 && settled < seeds.length) notes.push(`Settled for ${settled} of ${plural(seeds.length, "seed")}.`);
  if (violations.length > 0) {
    const ds = [...new Set(violations.map(({ d }) => d))].join(", ");
    notes.push(`Not monotone: below the threshold at d = ${ds}, above a smaller d that reaches it. More seeds make d90 firmer.`);
  }
  return notes;
}

/** What is known when the trials ended early. */
function openNote(lower: number | null, upper: number | null): string {
  if (lower !== null && upper !== null) return `The trials at hand end with ${lower} < d90 <= ${upper}.`;
  if (upper !== null) return `The trials at hand say only that d90 <= ${upper}.`;
  return lower !== null ? `The trials at hand say only that d90 > ${lower}.` : "No trial has settled anything yet.";
}
