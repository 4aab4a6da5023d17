/** The result of searches as a table for the terminal. */
import type { Estimate, MetricName, SearchRecord } from "../records/record.js";
import { formatCount, formatMetric, formatRound, formatSeconds } from "../charts/scales.js";
import { guessHeading, methodNames, metricNameOf, notesInWords, originsInWords } from "../charts/words.js";
import { textTable, type Column } from "./table.js";

/** "1,389", "<= 1,389", "> 500,000" or "-". */
export function dimension({ d90, lower, upper, exact }: Estimate): string {
  if (exact && d90 !== null) return formatCount(d90);
  if (upper !== null) return `<= ${formatCount(upper)}`;
  return lower === null ? "-" : `> ${formatCount(lower)}`;
}

/** The largest d known to fail and the smallest known to reach. */
function bracket({ lower, upper }: Estimate): string {
  const end = (value: number | null): string => (value === null ? "?" : formatCount(value));
  return lower === null && upper === null ? "-" : `${end(lower)} to ${end(upper)}`;
}

const shown = (value: number | null, metric: MetricName): string => (value === null ? "-" : formatMetric(value, metric));

/** Origin, table and notes. */
export function resultText(records: readonly SearchRecord[]): string {
  const threshold = formatRound(records[0]?.configuration.search.share ?? 0.9);
  const right = (heading: string): Column => ({ heading, right: true });
  const columns = [{ heading: "Method" }, right("d90"), right("Bracket"), right("Chance-corrected"), right("Full"),
    right(`${threshold} of it`), right(records[0] === undefined ? "Majority" : guessHeading(records[0])), right("Trials"), right("Time"), { heading: "Outcome" }];
  const rows = records.map(({ result, configuration, trials, baseline, seconds }) => [
    methodNames[configuration.method], dimension(result), bracket(result), dimension(result.chanceCorrectedD90),
    ...[result.full, result.threshold, result.majority].map((value) => shown(value, configuration.task.metric)),
    String(trials.length + baseline.length), formatSeconds(seconds), result.outcome,
  ]);
  const notes = notesInWords(records);
  const metrics = [...new Set(records.map(metricNameOf))].filter((name) => name !== "accuracy");
  const measured = metrics.length === 0 ? [] : [`Measured by ${metrics.join(", ")}.`];
  return [...originsInWords(records), ...measured, "", textTable(columns, rows), ...(notes.length > 0 ? ["", ...notes] : [])].join("\n");
}
