/** Lines of a training loss against updates, each with its label in the right margin: of finished runs, or of one that runs. */
import type { TopLevelSpec } from "vega-lite";
import { chart, marginLabels, verticalAxis, verticalScale, type Frame, type Layer } from "./frame.js";
import { light, type Palette } from "./theme.js";

const frame: Frame = { width: 460, height: 260, padding: { left: 56, right: 204, top: 30, bottom: 50 } };

/** One point of a smoothed loss curve. */
export interface LossRow {
  run: string;
  step: number;
  /** Mean over the points recorded in the window that ends here, in nats. */
  loss: number;
}

/** One line. */
export interface LossCurve {
  /** At least one. */
  rows: readonly LossRow[];
  /** Beside the end of the line. */
  label: string;
  color: string;
  /** Whether it ended before its last update: marked by a cross. */
  early: boolean;
  /** Updates that the axis must have room for. */
  steps: number;
}

export interface LossCurvesOptions {
  title: string;
  subtitle: readonly string[];
  /** Of the loss; default "nats". */
  unit?: string;
  palette?: Palette;
}

/** Share of a run's recorded points that one mean takes in. */
const windowShare = 0.1;

/** Means of the losses over a tenth of the run each; the points before the first whole window are left out. */
export function meansOf(run: string, losses: readonly { step: number; loss: number }[]): LossRow[] {
  const window = Math.max(1, Math.round(losses.length * windowShare));
  return losses.slice(window - 1).map(({ step }, index) => {
    const recent = losses.slice(index, index + window);
    return { run, step, loss: recent.reduce((sum, point) => sum + point.loss, 0) / recent.length };
  });
}

/** The chart of some curves, of at least one. */
export function lossCurves(curves: readonly LossCurve[], { palette = light, unit = "nats", ...words }: LossCurvesOptions): TopLevelSpec {
  const losses = curves.flatMap(({ rows }) => rows.map(({ loss }) => loss));
  const low = Math.min(...losses), high = Math.max(...losses, low + 0.02);
  const scale = verticalScale(frame.height, { value: low, pixel: frame.height - 14 }, { value: high, pixel: 10 });
  const ends = curves.map(({ rows, label, color, early }) => ({ ...rows.at(-1)!, label, color, early }));
  const labels = marginLabels(ends.map(({ loss, label, color }) => ({ value: loss, text: label, color })), frame, scale);
  const steps = Math.max(...curves.map((curve) => curve.steps));
  return chart({
    frame, palette, ...words,
    description: `Training loss in ${unit} against updates: ${labels.rows.map(({ text }) => text).join("; ")}.`,
    datasets: {
      losses: curves.flatMap(({ rows, color, label }) => rows.map((row) => ({ ...row, color, label }))),
      labels: labels.rows, ends,
    },
    layers: [lineLayer({ domain: scale.domain, steps, unit }), ...endLayers(steps), ...labels.layers],
  });
}

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
        axis: { grid: false, format: ",d", tickCount: 6, tickMinStep: 1, title: "Updates", titlePadding: 10 },
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
