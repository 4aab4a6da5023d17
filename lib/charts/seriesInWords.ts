/** A series as rows in words, for a table beside its chart. */
import type { Estimate, SeriesPoint, SeriesRecord } from "../records/record.js";
import { formatCount, formatMetric } from "./scales.js";
import { computable, shortName } from "./seriesRows.js";
import { dimensionInWords, intervalInWords } from "./words.js";

/**
 * What a series found, a row for each model and task, along the updates or by size: `aq.from(seriesInWords(series))` is a table. d90 is "unable to
 * compute" where full fine-tuning is not above the majority class, "not known" where nothing was crossed, and has its range where there are several seeds.
 */
export function seriesInWords({ kind, points }: SeriesRecord): Record<string, string>[] {
  const tasks = new Set(points.map(({ task }) => task.name));
  const along = (point: SeriesPoint): number => (kind === "checkpoints" ? point.update : point.model.parameters) ?? 0;
  const ordered = [...points].sort((a, b) => a.task.name.localeCompare(b.task.name) || along(a) - along(b));
  return ordered.map(({ name, model, update, task, perplexity, full, d90, chanceCorrected }) => ({
    ...(kind === "checkpoints" ? { updates: countOf(update) } : { model: shortName(name), parameters: countOf(model.parameters) }),
    ...(tasks.size > 1 ? { task: task.name } : {}),
    perplexity: countOf(perplexity), "all weights": full === null ? unknown : formatMetric(full, task.metric), "majority class": formatMetric(task.majority, task.metric),
    d90: estimateInWords(d90), "chance-corrected d90": estimateInWords(chanceCorrected),
  }));
}

const unknown = "not known";
const countOf = (value: number | null): string => (value === null ? unknown : formatCount(value));

function estimateInWords(estimate: Estimate): string {
  if (!computable(estimate)) return "unable to compute";
  const known = dimensionInWords(estimate) ?? unknown, seeds = intervalInWords(estimate);
  return seeds === null ? known : `${known} (${seeds})`;
}
