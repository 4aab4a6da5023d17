/**
 * The paper's Figure 1: accuracy (or the task's own metric) against the intrinsic dimension d, with what full fine-tuning reaches, the share of it that
 * defines d90, the majority class, every trial, and under the curve what each search concludes.
 */
import type { TopLevelSpec } from "vega-lite";
import { isCorrelation, type MetricName, type SearchRecord } from "../records/record.js";
import { chart, marginLabels, shareTicks, verticalAxis, verticalScale, type Frame, type Layer } from "./frame.js";
import { bracketLayers, findingLayers, findings, rowHeight } from "./findings.js";
import { formatCount, formatMetric, logTicks } from "./scales.js";
import { completedTrials, curveRows, methodOf, trialRows, type TrialRow } from "./trials.js";
import { referenceLines, referenceLayer } from "./references.js";
import { light, methodScale, type Palette } from "./theme.js";
import { capitalised, findingInWords, methodNames, metricNameOf, originsInWords } from "./words.js";

const frame: Frame = { width: 448, height: 340, padding: { left: 56, right: 216, top: 30, bottom: 50 } };

/** Everything that is drawn, before it is drawn. */
type Figure = ReturnType<typeof prepare>;

function prepare(records: readonly SearchRecord[], palette: Palette) {
  const references = referenceLines(records, palette);
  const points = shifted(completedTrials(records).objects() as (TrialRow & { best: boolean })[]);
  const diverged = trialRows(records).filter(({ outcome }) => outcome === "diverged");
  const metrics = [...references.map(({ value }) => value), ...points.map(({ metric }) => metric ?? NaN)];
  const rows = records.length + (diverged.length > 0 ? 1 : 0);
  const low = Math.min(...metrics), high = Math.max(...metrics);
  const room = Math.max(high - low, 0.02);
  const bottom = frame.height - rows * rowHeight - 18;
  const scale = verticalScale(frame.height, { value: high - room, pixel: bottom }, { value: high, pixel: 12 });
  const { metric } = records[0]!.configuration.task;
  return { records, metric, name: metricNameOf(records[0]!), palette, references, points, diverged, low: high - room, high, scale, xDomain: dimensionDomain(records) };
}

/** Pixels by which a mark stands beside one of the other method that is at the very same place. */
const shift = 4;

/** Where both methods have the same accuracy at the same d, as where both stay at the majority class, one would hide the other. */
function shifted<T extends TrialRow>(points: readonly T[]): (T & { shift: number })[] {
  const methodsAt = new Map<string, Set<string>>();
  const place = ({ d, metric }: TrialRow): string => `${d} ${metric}`;
  for (const point of points) methodsAt.set(place(point), (methodsAt.get(place(point)) ?? new Set()).add(point.method));
  return points.map((point) => {
    const alone = methodsAt.get(place(point))!.size === 1;
    return { ...point, shift: alone ? 0 : point.method === "said" ? -shift : shift };
  });
}

/** From a little below the smallest d shown to a little above the largest: a factor of ten at least, so that there are ticks. */
function dimensionDomain(records: readonly SearchRecord[]): [number, number] {
  const shown = records.flatMap(({ trials, result: { lower, upper }, configuration: { search } }) => {
    const grid = trials.length === 0 ? [search.lowest, search.highest] : [];
    return [...trials.map(({ d }) => d), lower, upper, ...grid].filter((d) => d !== null);
  });
  const low = Math.min(...shown), high = Math.max(...shown);
  const margin = Math.max(1.35, Math.sqrt((10 * low) / high));
  return [low / margin, high * margin];
}

/**
 * The chart of one or several searches of the same model and data.
 * @throws {RangeError} without records, or when they are of different models or data: their lines would not compare.
 */
export function accuracyByDimension(records: readonly SearchRecord[], palette: Palette = light): TopLevelSpec {
  requireComparable(records);
  const figure = prepare(records, palette);
  const { references, points, diverged, scale, xDomain, metric, name } = figure;
  const labels = marginLabels(references.map(({ value, label, color }) => ({ value, text: label, color })), frame, scale);
  const found = findings(records, { fromPixel: scale.fromPixel, xDomain, width: frame.width, height: frame.height });
  return chart({
    frame, palette,
    title: findingInWords(records, records.map((record) => methodNames[methodOf(record)])),
    subtitle: [...originsInWords(records), markLegend(records)].filter((line) => line !== ""),
    description: `${capitalised(name)} on the dev rows against the intrinsic dimension d on a logarithmic axis. ` +
      `${references.map(({ label }) => label).join(", ")}.`,
    datasets: {
      references, labels: labels.rows, findings: found.rows, curve: curveRows(records),
      trials: points.map((row) => tooltips(row, metric)),
      diverged: diverged.map((row) => tooltips({ ...row, metric: found.divergedAt }, metric)),
    },
    layers: [
      curveLayer(figure), ...bracketLayers(palette), referenceLayer(), ...trialLayers(figure, false), ...trialLayers(figure, true),
      ...findingLayers(palette), ...(diverged.length > 0 ? divergedLayers(figure, found.divergedAt) : []), ...labels.layers,
    ],
  });
}

function requireComparable(records: readonly SearchRecord[]): void {
  const setups = new Set(records.map(({ configuration: { model, task } }) => `${model.sha256} ${task.sha256} ${task.metric}`));
  if (setups.size === 1) return;
  throw new RangeError(`accuracyByDimension: records must be searches of one model on the same rows, got ${setups.size} setups.`);
}

/** What the marks mean where they do not say so themselves; empty where they do. */
export function markLegend(records: readonly SearchRecord[]): string {
  const rates = completedTrials(records).objects() as { best: boolean }[];
  if (rates.every(({ best }) => best)) return "";
  return "Every trial is shown: large at the best learning rate of its d and seed, small at the others.";
}

/** Numbers as tooltips show them; Vega's own formats have no unit. */
const tooltips = <T extends TrialRow>(row: T, metric: MetricName) => ({
  ...row, name: methodNames[row.method], shown: row.outcome === "completed" ? formatMetric(row.metric ?? NaN, metric) : row.outcome,
  dimension: formatCount(row.d), time: `${row.seconds.toFixed(0)} s`,
});

const tooltipOf = ({ name }: Figure) => [
  { field: "name", title: "method" }, { field: "dimension", title: "d" }, { field: "shown", title: name },
  { field: "learningRate", title: "learning rate", type: "quantitative" as const, format: ".3~g" }, { field: "seed", title: "seed" },
  { field: "time", title: "time" }, { field: "id", title: "run" },
];

function axes({ xDomain, scale: { domain }, low, high, metric, name }: Figure) {
  const labelExpr = isCorrelation(metric) ? "format(datum.value, '~r')" : "format(100 * datum.value, '~r') + ' %'";
  return {
    x: {
      field: "d", type: "quantitative" as const, scale: { type: "log" as const, domain: xDomain, nice: false },
      axis: {
        values: logTicks(...xDomain), format: ",d", labelOverlap: false, grid: false, titlePadding: 10,
        title: "Intrinsic dimension d: how many numbers are learned (log scale)",
      },
    },
    y: {
      field: "metric", type: "quantitative" as const, scale: { domain, nice: false, zero: false },
      axis: {
        values: shareTicks(low, high), labelExpr, ...verticalAxis(`${capitalised(name)} on the dev rows`),
      },
    },
  };
}

function curveLayer(figure: Figure): Layer {
  return {
    data: { name: "curve" }, mark: { type: "line", strokeWidth: 1.8, interpolate: "linear" },
    encoding: { ...axes(figure), color: methodScale(figure.palette).color },
  };
}

/** The marks at the best rates, or at the others; a layer for each shift, which is a property of a mark. */
function trialLayers(figure: Figure, best: boolean): Layer[] {
  const { color, shape } = methodScale(figure.palette);
  const { x, y } = axes(figure), { background } = figure.palette, tooltip = tooltipOf(figure);
  const shifts = [...new Set(figure.points.filter((point) => point.best === best).map((point) => point.shift))].sort((a, b) => a - b);
  return shifts.map((xOffset): Layer => ({
    data: { name: "trials" }, transform: [{ filter: `datum.best === ${best} && datum.shift === ${xOffset}` }],
    mark: { type: "point", xOffset, size: best ? 64 : 22, strokeWidth: best ? 1.4 : 1, opacity: best ? 1 : 0.55 },
    encoding: {
      x, y, shape, tooltip,
      stroke: { condition: { test: "datum.reached", value: background }, ...color },
      fill: { condition: { test: "!datum.reached", value: background }, ...color },
    },
  }));
}

/** Trials without a metric, in a row of their own. */
function divergedLayers(figure: Figure, y: number): Layer[] {
  const tooltip = tooltipOf(figure);
  return [
    {
      data: { name: "diverged" }, mark: { type: "point", shape: "cross", angle: 45, size: 45, strokeWidth: 0, opacity: 1 },
      encoding: { x: { field: "d", type: "quantitative" }, y: { datum: y }, fill: methodScale(figure.palette).color, tooltip },
    },
    {
      data: { values: [{}] }, mark: { type: "text", text: `diverged (no ${figure.name})`, align: "left", clip: false },
      encoding: { x: { value: frame.width + 12 }, y: { datum: y } },
    },
  ];
}
