/** The horizontal lines of Figure 1: full fine-tuning, the share of it that defines d90, the chance-corrected one, the majority. */
import { isCorrelation, type MetricName, type SearchRecord } from "../records/record.js";
import type { Layer } from "./frame.js";
import { formatMetric, formatRound } from "./scales.js";
import type { Palette } from "./theme.js";
import { methodOf } from "./trials.js";
import { methodNames } from "./words.js";

export interface ReferenceLine {
  value: number;
  label: string;
  /** Of the label, and of the line. */
  color: string;
  stroke: string;
  /** Lengths of dashes in pixels; [1, 0] is solid. */
  dash: number[];
  width: number;
}

/** The lines of all records; those that several records share once, others with their method's name. */
export function referenceLines(records: readonly SearchRecord[], palette: Palette): ReferenceLine[] {
  const lines = records.flatMap((record) => linesOf(record, palette).map((line) => ({ ...line, of: methodNames[methodOf(record)] })));
  const known = new Map<string, (typeof lines)[number]>();
  for (const line of lines) known.set(`${line.kind} ${line.value.toFixed(6)}`, line);
  const unique = [...known.values()];
  const alone = (kind: string): boolean => unique.filter((line) => line.kind === kind).length === 1;
  return unique.map(({ kind, of, text, metric, ...line }) => {
    const name = alone(kind) ? text : `${text} (${of})`;
    return { ...line, label: `${name}: ${formatMetric(line.value, metric)}` };
  });
}

/** How a chart's margin names what needs no training. */
const guesses: Readonly<Record<MetricName, string>> =
  { accuracy: "majority class", f1: "always class 1", matthews: "a guess", pearson: "a guess", spearman: "a guess" };

function linesOf({ result, configuration: { search, task: { metric } } }: SearchRecord, { ink, muted, line }: Palette) {
  const share = formatRound(search.share);
  // Shares of a baseline that means nothing mean nothing.
  const meaningful = result.outcome !== "baseline-not-above-majority";
  const threshold = meaningful ? result.threshold : null;
  // Above a chance level of 0 both thresholds are the same.
  const chance = meaningful && !isCorrelation(metric) ? result.chanceCorrectedD90.threshold : null;
  const all = [
    { kind: "full", text: "full fine-tuning", value: result.full, color: ink, stroke: ink, dash: [1, 0], width: 1.4 },
    { kind: "threshold", text: `${share} of it`, value: threshold, color: ink, stroke: ink, dash: [6, 3], width: 1.2 },
    { kind: "chance", text: `chance-corrected ${share}`, value: chance, color: muted, stroke: muted, dash: [2, 3], width: 1.2 },
    { kind: "majority", text: guesses[metric], value: result.majority, color: muted, stroke: line, dash: [1, 0], width: 0.8 },
  ];
  return all.flatMap(({ value, ...rest }) => (value === null ? [] : [{ ...rest, value, metric }]));
}

/** Rules across the plot; their labels stand in the margin. */
export function referenceLayer(): Layer {
  return {
    data: { name: "references" }, mark: { type: "rule" },
    encoding: {
      y: { field: "value", type: "quantitative" },
      color: { field: "stroke", type: "nominal", scale: null },
      strokeDash: { field: "dash", type: "nominal", scale: null },
      strokeWidth: { field: "width", type: "quantitative", scale: null },
      tooltip: { field: "label", type: "nominal", title: "line" },
    },
  };
}
