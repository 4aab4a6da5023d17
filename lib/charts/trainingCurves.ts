/** Training loss against updates, one line a run: what was learned when, and which run diverged. */
import type { TopLevelSpec } from "vega-lite";
import { isRegression, type TrialRecord } from "../records/record.js";
import { chart, marginLabels, verticalAxis, verticalScale, type Frame, type Layer } from "./frame.js";
import { formatCount, formatMetric, formatRate } from "./scales.js";
import { colorOf, light, type Palette } from "./theme.js";
import { methodNames, metricNameOf } from "./words.js";

const frame: Frame = { width: 560, height: 260, padding: { left: 56, right: 196, top: 30, bottom: 50 } };

/** One point of a smoothed loss curve. */
export interface LossRow {
  run: string;
  step: number;
  /** Mean over the points recorded in the window that ends here, in nats. */
  loss: number;
}

/** Share of a run's recorded points that one mean takes in. */
const windowShare = 0.1;

/** The smoothed loss of a run; what is not finite ends it. */
export function lossRows({ id, losses }: TrialRecord): LossRow[] {
  const finite = losses.flatMap(({ step, loss }) => (loss === null ? [] : [{ step, loss }]));
  const window = Math.max(1, Math.round(finite.length * windowShare));
  return finite.flatMap(({ step }, index) => {
    const recent = finite.slice(Math.max(0, index + 1 - window), index + 1);
    if (recent.length < window) return [];
    return [{ run: id, step, loss: recent.reduce((sum, point) => sum + point.loss, 0) / recent.length }];
  });
}

/** What is written beside a line. */
function labelOf({ configuration: { method, d, learningRate, task }, outcome, final, steps }: TrialRecord): string {
  const what = method === "full" ? "full" : `${methodNames[method]} d ${formatCount(d ?? 0)}`;
  const end = outcome === "completed" && final !== null ? formatMetric(final.metric, task.metric) : `${outcome} at ${formatCount(steps)}`;
  return `${what}, ${formatRate(learningRate)}: ${end}`;
}

/** Title, and what the numbers are about. */
function words(trials: readonly TrialRecord[]): { title: string; subtitle: string[] } {
  const { task, model, batchSize, preset } = trials[0]!.configuration, metric = metricNameOf(trials[0]!);
  return {
    title: `Training loss, and the dev ${metric} that each run ends with`,
    subtitle: [
      `${task.dataSource} · ${formatCount(task.trainRows)} training rows`,
      `${model.id} · ${preset === null ? "no preset" : `${preset} preset`} · batches of ${batchSize} rows`,
      `Means over a tenth of each run; labels: method, d, learning rate: dev ${metric}`,
    ],
  };
}

/**
 * The loss curves of some trials, in the colours of their methods.
 * @throws {RangeError} when none of them has a loss.
 */
export function trainingCurves(trials: readonly TrialRecord[], palette: Palette = light): TopLevelSpec {
  const curves = trials.map((trial) => ({ trial, rows: lossRows(trial), color: colorOf(trial.configuration.method, palette) }))
    .filter(({ rows }) => rows.length > 0);
  if (curves.length === 0) throw new RangeError(`trainingCurves: trials must have losses, got ${trials.length} without any.`);
  const losses = curves.flatMap(({ rows }) => rows.map(({ loss }) => loss));
  const low = Math.min(...losses), high = Math.max(...losses, low + 0.02);
  const scale = verticalScale(frame.height, { value: low, pixel: frame.height - 14 }, { value: high, pixel: 10 });
  const ends = curves.map(endOf);
  const labels = marginLabels(ends.map(({ loss, label, color }) => ({ value: loss, text: label, color })), frame, scale);
  const steps = Math.max(...curves.map(({ trial }) => trial.steps));
  const unit = isRegression(curves[0]!.trial.configuration.task.metric) ? "squared error" : "nats";
  return chart({
    frame, palette, ...words(curves.map(({ trial }) => trial)),
    description: `Training loss in ${unit} against updates: ${labels.rows.map(({ text }) => text).join("; ")}.`,
    datasets: {
      losses: curves.flatMap(({ trial, rows, color }) => rows.map((row) => ({ ...row, color, label: labelOf(trial) }))),
      labels: labels.rows, ends,
    },
    layers: [lineLayer({ domain: scale.domain, steps, unit }), ...endLayers(steps), ...labels.layers],
  });
}

/** The last point of a line, and whether it is the end of a run that did not complete. */
const endOf = ({ trial, rows, color }: { trial: TrialRecord; rows: LossRow[]; color: string }) =>
  ({ ...rows.at(-1)!, label: labelOf(trial), color, early: trial.outcome !== "completed" });

/** What ended early gets a cross, and dots that lead to its label. */
function endLayers(steps: number): Layer[] {
  const common = { data: { name: "ends" }, transform: [{ filter: "datum.early" }] };
  const x = { field: "step", type: "quantitative" as const }, y = { field: "loss", type: "quantitative" as const };
  const color = { field: "color", type: "nominal" as const, scale: null };
  return [
    { ...common, mark: { type: "rule", strokeDash: [1, 4] }, encoding: { x, x2: { datum: steps }, y, color } },
    {
      ...common, mark: { type: "point", shape: "cross", angle: 45, size: 60, strokeWidth: 0, opacity: 1 },
      encoding: { x, y, fill: color },
    },
  ];
}

function lineLayer({ domain, steps, unit }: { domain: [number, number]; steps: number; unit: string }): Layer {
  return {
    data: { name: "losses" }, mark: { type: "line", strokeWidth: 1.6 },
    encoding: {
      x: {
        field: "step", type: "quantitative", scale: { domain: [0, steps], nice: false },
        axis: { grid: false, format: ",d", tickCount: 6, title: "Updates", titlePadding: 10 },
      },
      y: {
        field: "loss", type: "quantitative", scale: { domain, nice: false, zero: false },
        axis: { tickCount: 5, ...verticalAxis(`Loss (${unit})`) },
      },
      color: { field: "color", type: "nominal", scale: null },
      detail: { field: "run", type: "nominal" },
      tooltip: [
        { field: "label", title: "run" }, { field: "step", title: "updates", type: "quantitative", format: "," },
        { field: "loss", title: `loss (${unit})`, type: "quantitative", format: ".3f" },
      ],
    },
  };
}
